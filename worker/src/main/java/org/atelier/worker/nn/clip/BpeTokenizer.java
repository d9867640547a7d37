package org.atelier.worker.nn.clip;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

import com.fasterxml.jackson.core.type.TypeReference;
import org.atelier.common.json.Json;
import org.jspecify.annotations.Nullable;
import org.unbescape.html.HtmlEscape;

/**
 * CLIP's tokenizer: byte-pair encoding over bytes (Sennrich et al. 2016, in the form of GPT-2; OpenAI
 * {@code simple_tokenizer.py}).
 *
 * <p>A text is cleaned (HTML entities twice, blanks collapsed, lower case), split into words, numerals and runs of other
 * characters, and each of those, as UTF-8, is merged from bytes up, always the pair that stands first in the merge list.
 * The {@code ftfy} repair of the original, which mends wrongly decoded text, is left out.
 */
public final class BpeTokenizer {
    private static final String START = "<|startoftext|>";
    private static final String END = "<|endoftext|>";
    private static final String END_OF_WORD = "</w>";

    /** Tokens of the published vocabulary: bytes, bytes that end a word, merges, start and end. */
    private static final int PUBLISHED_VOCABULARY = 49408;
    private static final int BYTES = 256;

    private static final Pattern BLANKS = Pattern.compile("[\\s\\x1c-\\x1f]+", Pattern.UNICODE_CHARACTER_CLASS);

    private static final Pattern PIECES = Pattern.compile(
            "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|\\p{L}+|\\p{N}|[^\\s\\p{L}\\p{N}]+",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CHARACTER_CLASS);

    private static final List<String> BYTE_LETTERS = byteLetters();

    private final Map<String, Integer> numbers;

    /** Place in the merge list, by the pair with a blank between. */
    private final Map<String, Integer> ranks;

    /** What happens to a text that is too long. */
    public enum Overflow {
        /** It is refused. */
        ERROR,
        /** It is cut off before its end token. */
        TRUNCATE
    }

    private BpeTokenizer(Map<String, Integer> numbers, List<String> merges) {
        this.numbers = numbers;
        this.ranks = new HashMap<>();
        merges.forEach(merge -> ranks.putIfAbsent(merge, ranks.size()));
    }

    /** The tokenizer of the published CLIPs, with 49,408 tokens. */
    public static BpeTokenizer published() {
        try (var resource = BpeTokenizer.class.getResourceAsStream("bpe_simple_vocab_16e6.txt.gz");
                var lines = new BufferedReader(new InputStreamReader(new GZIPInputStream(resource),
                        StandardCharsets.UTF_8))) {
            var merges = lines.lines().skip(1).limit(PUBLISHED_VOCABULARY - 2 * BYTES - 2).toList();
            var tokens = new ArrayList<String>(PUBLISHED_VOCABULARY);
            var letters = IntStream.concat(printableBytes(), IntStream.range(0, BYTES).filter(b -> !isPrintable(b)))
                    .mapToObj(BYTE_LETTERS::get)
                    .toList();
            tokens.addAll(letters);
            letters.forEach(letter -> tokens.add(letter + END_OF_WORD));
            merges.forEach(merge -> tokens.add(merge.replace(" ", "")));
            tokens.add(START);
            tokens.add(END);
            var numbers = new LinkedHashMap<String, Integer>();
            tokens.forEach(token -> numbers.put(token, numbers.size()));
            return new BpeTokenizer(numbers, merges);
        } catch (IOException e) {
            throw new UncheckedIOException("the vocabulary is a resource of this jar", e);
        }
    }

    /**
     * A tokenizer from files.
     *
     * @param vocabulary JSON object of token numbers
     * @param merges     one pair a line, in order; lines that start with {@code #version} are skipped
     */
    public static BpeTokenizer read(Path vocabulary, Path merges) {
        try {
            var numbers = Json.mapper().readValue(Files.readAllBytes(vocabulary),
                    new TypeReference<Map<String, Integer>>() {});
            if (!numbers.containsKey(START) || !numbers.containsKey(END)) {
                throw new IllegalArgumentException(vocabulary + " has no token " + START + " or " + END);
            }
            return new BpeTokenizer(numbers, Files.readAllLines(merges).stream()
                    .filter(line -> !line.startsWith("#version") && !line.isBlank())
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A letter for every byte: printable ones stand for themselves, the others are letters from U+0100 on. */
    private static List<String> byteLetters() {
        var letters = new ArrayList<String>(BYTES);
        int next = BYTES;
        for (int b = 0; b < BYTES; b++) {
            letters.add(Character.toString(isPrintable(b) ? b : next++));
        }
        return letters;
    }

    private static IntStream printableBytes() {
        return IntStream.range(0, BYTES).filter(BpeTokenizer::isPrintable);
    }

    private static boolean isPrintable(int b) {
        return b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
    }

    /** How many tokens there are. */
    public int vocabularySize() {
        return numbers.size();
    }

    /** The tokens of a text, without start and end. */
    public List<Integer> encode(String text) {
        var tokens = new ArrayList<Integer>();
        var pieces = PIECES.matcher(clean(text));
        while (pieces.find()) {
            tokens.addAll(encodePiece(pieces.group()));
        }
        return tokens;
    }

    private static String clean(String text) {
        var plain = HtmlEscape.unescapeHtml(HtmlEscape.unescapeHtml(text));
        return BLANKS.matcher(plain).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
    }

    private List<Integer> encodePiece(String piece) {
        if (piece.equals(START) || piece.equals(END)) {
            return List.of(number(piece));
        }
        var parts = new ArrayList<String>();
        for (byte b : piece.getBytes(StandardCharsets.UTF_8)) {
            parts.add(BYTE_LETTERS.get(Byte.toUnsignedInt(b)));
        }
        parts.add(parts.removeLast() + END_OF_WORD);
        for (var best = bestPair(parts); best != null; best = bestPair(parts)) {
            merge(parts, best);
        }
        return parts.stream().map(this::number).toList();
    }

    private @Nullable String bestPair(List<String> parts) {
        String best = null;
        int bestRank = Integer.MAX_VALUE;
        for (int i = 0; i + 1 < parts.size(); i++) {
            var pair = parts.get(i) + " " + parts.get(i + 1);
            int rank = ranks.getOrDefault(pair, Integer.MAX_VALUE);
            if (rank < bestRank) {
                bestRank = rank;
                best = pair;
            }
        }
        return best;
    }

    private static void merge(List<String> parts, String pair) {
        for (int i = 0; i + 1 < parts.size(); i++) {
            if (pair.equals(parts.get(i) + " " + parts.get(i + 1))) {
                parts.set(i, parts.get(i) + parts.remove(i + 1));
            }
        }
    }

    private int number(String token) {
        var number = numbers.get(token);
        if (number == null) {
            throw new IllegalArgumentException("the vocabulary has no token \"" + token
                    + "\": vocabulary and merges do not belong together");
        }
        return number;
    }

    /**
     * A text as CLIP takes it: start, tokens, end, and zeros up to the length of the context.
     *
     * @param context number of places
     * @throws IllegalArgumentException if the text is too long and must not be truncated
     */
    public long[] tokenize(String text, int context, Overflow overflow) {
        var tokens = encode(text);
        int room = context - 2;
        if (tokens.size() > room && overflow == Overflow.ERROR) {
            throw new IllegalArgumentException("The text has " + tokens.size() + " tokens, CLIP takes " + room
                    + ": make it shorter. It is \"" + text + "\".");
        }
        var places = new long[context];
        int kept = Math.min(tokens.size(), room);
        places[0] = number(START);
        for (int i = 0; i < kept; i++) {
            places[i + 1] = tokens.get(i);
        }
        places[kept + 1] = number(END);
        return places;
    }
}
