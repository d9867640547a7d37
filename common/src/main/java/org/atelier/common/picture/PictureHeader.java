package org.atelier.common.picture;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * What the header of a PNG or JPEG file says, read before a pixel is decoded.
 *
 * @param format of the file
 * @param width  in pixels, as stored
 * @param height in pixels, as stored
 */
public record PictureHeader(Format format, int width, int height) {
    /** Largest file, in bytes. */
    public static final int MAX_BYTES = 32 << 20;
    /** Most pixels: while it is cut, each takes about 25 bytes of a worker's heap. */
    public static final long MAX_PIXELS = 25_000_000;
    /** Least width and height. */
    public static final int MIN_SIDE = 16;

    /** The formats that are taken. */
    public enum Format {
        /** Portable Network Graphics. */
        PNG("image/png", "png", 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'),
        /** JPEG, baseline or progressive. */
        JPEG("image/jpeg", "jpeg", 0xff, 0xd8, 0xff);

        private final String mediaType;
        private final String reader;
        private final int[] magic;

        Format(String mediaType, String reader, int... magic) {
            this.mediaType = mediaType;
            this.reader = reader;
            this.magic = magic;
        }

        /** Its media type. */
        public String mediaType() {
            return mediaType;
        }

        /** The name that the Java platform's readers have for it. */
        public String reader() {
            return reader;
        }

        private boolean begins(byte[] file) {
            return file.length >= magic.length && Arrays.equals(magic, 0, magic.length, unsigned(file), 0,
                    magic.length);
        }

        private int[] unsigned(byte[] file) {
            var head = new int[magic.length];
            Arrays.setAll(head, i -> Byte.toUnsignedInt(file[i]));
            return head;
        }

        private static Optional<Format> of(byte[] file) {
            return Arrays.stream(values()).filter(format -> format.begins(file)).findFirst();
        }
    }

    /**
     * Reads the header of a file.
     *
     * @throws IllegalArgumentException if it is no PNG or JPEG, damaged, or beyond the limits; the message says what to do
     */
    public static PictureHeader read(byte[] file) {
        if (file.length > MAX_BYTES) {
            throw new IllegalArgumentException("The picture has " + file.length + " bytes; it may have " + MAX_BYTES
                    + ". Make it smaller, or save it as a JPEG.");
        }
        var format = Format.of(file).orElseThrow(() -> new IllegalArgumentException(
                "The picture is neither a PNG nor a JPEG. Save it as one of them."));
        var header = read(format, file);
        if (header.width < MIN_SIDE || header.height < MIN_SIDE) {
            throw new IllegalArgumentException("The picture has " + header.size() + " pixels; it must have "
                    + MIN_SIDE + " x " + MIN_SIDE + " at least.");
        }
        if ((long) header.width * header.height > MAX_PIXELS) {
            throw new IllegalArgumentException("The picture has " + header.size() + " pixels; it may have " + MAX_PIXELS
                    / 1_000_000 + " million in all. Make it smaller.");
        }
        return header;
    }

    private static PictureHeader read(Format format, byte[] file) {
        var reader = ImageIO.getImageReadersByFormatName(format.reader).next();
        try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(in, true, true);
            return new PictureHeader(format, reader.getWidth(0), reader.getHeight(0));
        } catch (IOException | RuntimeException e) { // the platform's readers throw either at damaged files
            throw new IllegalArgumentException("The picture is damaged: its " + format + " header cannot be read ("
                    + e.getMessage() + "). Save it again.", e);
        } finally {
            reader.dispose();
        }
    }

    /** Width and height for people. */
    public String size() {
        return width + " x " + height;
    }
}
