package org.atelier.worker.checkpoint.published;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

import org.atelier.worker.checkpoint.io.ByteRegion;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;

/** Tells what a file is that is no checkpoint, from how it starts: what people most often have in place of the weights. */
final class WrongFile {
    private static final int HEAD = 1024;
    private static final Pattern LFS_SIZE = Pattern.compile("\nsize (\\d{1,18})");

    /**
     * The first bytes of a format.
     *
     * @param at    where they are
     * @param bytes what they are, as Latin-1
     * @param what  they mean, and what to do about it
     */
    private record Sign(int at, String bytes, String what) {}

    private static final String UNPACK = ". Unpack it, and import what is inside.";

    private static final List<Sign> SIGNS = List.of(
            new Sign(0, "\u0089HDF\r\n", "an HDF5 file, as Keras writes. Networks of Keras are not supported."),
            new Sign(0, "\u001f\u008b", "compressed by gzip" + UNPACK),
            new Sign(0, "BZh", "compressed by bzip2" + UNPACK),
            new Sign(0, "\u00fd7zXZ", "compressed by xz" + UNPACK),
            new Sign(0, "\u0028\u00b5\u002f\u00fd", "compressed by zstd" + UNPACK),
            new Sign(0, "7z\u00bc\u00af", "a 7-Zip archive" + UNPACK),
            new Sign(0, "Rar!", "a RAR archive" + UNPACK),
            new Sign(257, "ustar", "a tar archive" + UNPACK
                    + " (PyTorch 0.1 wrote tar files too; load and save such a file"
                    + " with a newer PyTorch.)"),
            new Sign(0, "PK\u0005\u0006", "an empty zip archive. Fetch the file again."),
            new Sign(0, "GGUF", "a GGUF file, a language model. Import an image network."),
            new Sign(0, "\u0089PNG", "a picture (PNG). Import the weights instead."),
            new Sign(0, "\u00ff\u00d8\u00ff", "a picture (JPEG). Import the weights instead."),
            new Sign(0, "%PDF", "a PDF document. Import the weights instead."));

    private WrongFile() {}

    /**
     * What the file is instead of a checkpoint.
     *
     * @return empty if it does not start like anything known
     */
    static Optional<RefusedFileException> recognise(ByteRegion file) {
        if (file.size() == 0) {
            return refusal(Reason.EMPTY, "The file is empty: the download or copy failed. Fetch it again.");
        }
        var head = new String(file.copy(0, (int) Math.min(HEAD, file.size())), StandardCharsets.ISO_8859_1);
        var text = (head.startsWith("\u00ef\u00bb\u00bf") ? head.substring(3) : head).stripLeading()
                .toLowerCase(Locale.ROOT);
        if (text.startsWith("version https://git-lfs")) {
            var size = LFS_SIZE.matcher(head);
            return refusal(Reason.GIT_LFS_POINTER, "This is a git-lfs pointer, a note that stands for a file"
                    + (size.find() ? " of " + size.group(1) + " bytes" : "") + ". Get the file itself: run git lfs pull"
                    + " in the repository it comes from, or download it there.");
        }
        if (isMarkup(text)) {
            return refusal(Reason.WEB_PAGE,
                    "This is a web page (HTML or XML) saved under the name of a file: an expired"
                            + " link, a virus-scan or login page, or an error of the download service. Open the link in a browser,"
                            + " download the file there, and compare its size with the publisher's.");
        }
        if (text.startsWith("{")) {
            return refusal(Reason.OTHER_FORMAT,
                    "This is a JSON text: a configuration, or the error answer of a download"
                            + " service. Import the file with the weights.");
        }
        return SIGNS.stream()
                .filter(sign -> head.startsWith(sign.bytes, sign.at))
                .findFirst()
                .flatMap(sign -> refusal(Reason.OTHER_FORMAT, "This is " + sign.what));
    }

    private static boolean isMarkup(String text) {
        return text.startsWith("<!doctype") || text.startsWith("<html") || text.startsWith("<head")
                || text.startsWith("<body") || text.startsWith("<?xml") || text.startsWith("<!--")
                || text.startsWith("<error");
    }

    private static Optional<RefusedFileException> refusal(Reason reason, String message) {
        return Optional.of(new RefusedFileException(reason, message));
    }
}
