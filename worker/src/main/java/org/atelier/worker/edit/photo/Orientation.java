package org.atelier.worker.edit.photo;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Set;

import com.drew.imaging.jpeg.JpegMetadataReader;
import com.drew.imaging.jpeg.JpegProcessingException;
import com.drew.imaging.png.PngChunkReader;
import com.drew.imaging.png.PngChunkType;
import com.drew.imaging.png.PngProcessingException;
import com.drew.lang.ByteArrayReader;
import com.drew.lang.SequentialByteArrayReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import org.atelier.common.picture.PictureHeader.Format;
import org.atelier.worker.tensor.Picture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a camera was held: EXIF 2.3, tag 274. Only EXIF data are looked at: other parts of a file may inflate to gigabytes. */
enum Orientation {
    UPRIGHT(false, false, false), MIRRORED(false, true, false), UPSIDE_DOWN(false, true, true), FLIPPED(false, false,
            true), TRANSPOSED(true, false,
                    false), RIGHT(true, false, true), TRANSVERSED(true, true, true), LEFT(true, true, false);

    private static final Logger log = LoggerFactory.getLogger(Orientation.class);
    private static final int CHANNELS = 3;

    private final boolean swapped;
    private final boolean fromRight;
    private final boolean fromBottom;

    /**
     * Where the pixels of the upright picture come from.
     *
     * @param swapped    rows are columns
     * @param fromRight  stored columns count from the right
     * @param fromBottom stored rows count from the bottom
     */
    Orientation(boolean swapped, boolean fromRight, boolean fromBottom) {
        this.swapped = swapped;
        this.fromRight = fromRight;
        this.fromBottom = fromBottom;
    }

    /** What a file says; upright where it says nothing that can be understood. */
    static Orientation of(Format format, byte[] file) {
        try {
            var directory = switch (format) {
                case JPEG -> JpegMetadataReader.readMetadata(new ByteArrayInputStream(file), List.of(new ExifReader()));
                case PNG -> png(file);
            };
            var exif = directory.getFirstDirectoryOfType(ExifIFD0Directory.class);
            var tag = exif == null ? null : exif.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
            return tag == null || tag < 1 || tag > values().length ? UPRIGHT : values()[tag - 1];
        } catch (IOException | JpegProcessingException | PngProcessingException e) {
            log.info("An image is taken as upright: its EXIF data cannot be read", e);
            return UPRIGHT;
        }
    }

    private static Metadata png(byte[] file) throws IOException, PngProcessingException {
        var metadata = new Metadata();
        for (var chunk : new PngChunkReader().extract(new SequentialByteArrayReader(file), Set.of(PngChunkType.eXIf))) {
            new ExifReader().extract(new ByteArrayReader(chunk.getBytes()), metadata);
        }
        return metadata;
    }

    /** Turns a stored picture upright. */
    Picture upright(Picture stored) {
        if (this == UPRIGHT) {
            return stored;
        }
        int width = swapped ? stored.height() : stored.width();
        int height = swapped ? stored.width() : stored.height();
        var from = stored.rgb();
        var to = new byte[from.length];
        for (int y = 0, at = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int column = swapped ? y : x;
                int row = swapped ? x : y;
                column = fromRight ? stored.width() - 1 - column : column;
                row = fromBottom ? stored.height() - 1 - row : row;
                for (int c = 0; c < CHANNELS; c++) {
                    to[at++] = from[(row * stored.width() + column) * CHANNELS + c];
                }
            }
        }
        return Picture.of(width, height, to);
    }
}
