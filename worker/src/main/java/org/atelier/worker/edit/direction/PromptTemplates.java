package org.atelier.worker.edit.direction;

import java.util.List;
import java.util.stream.Stream;

import org.atelier.common.job.Templates;

/**
 * The 79 sentences around a word that CLIP's view of a word is averaged over: the templates of OpenAI's ImageNet
 * experiments without the one in the plural. They follow from a small grammar; their order does not matter.
 */
public final class PromptTemplates {
    /** Where the word goes. */
    private static final String WORD = "{}";
    private static final List<String> ARTICLES = List.of("a", "the");

    private static final List<String> PHOTOS = List.of("bad", "black and white", "blurry", "bright", "close-up",
            "cropped", "dark", "good", "jpeg corrupted", "low resolution", "pixelated");
    private static final List<String> WORKS = List.of("doodle", "drawing", "painting", "photo", "rendering",
            "rendition", "sculpture", "sketch", "tattoo");
    private static final List<String> MEDIA = List.of("art", "graffiti", "itap");
    private static final List<String> LOOKS = List.of("clean", "cool", "dirty", "hard to see", "large", "nice",
            "small", "weird");
    private static final List<String> MATERIALS = List.of("cartoon", "embroidered", "origami", "plastic", "plushie",
            "toy");
    private static final List<String> SINGLE = List.of("a photo of my {}.", "a photo of one {}.", "itap of my {}.");

    /** All of them, each with one place for the word. */
    public static final List<String> IMAGENET = Stream.concat(ARTICLES.stream().flatMap(PromptTemplates::with), SINGLE
            .stream()).toList();

    private PromptTemplates() {}

    private static Stream<String> with(String article) {
        return Stream.of(
                Stream.of(article + " {} in a video game."),
                PHOTOS.stream().map(photo -> "a " + photo + " photo of " + article + " {}."),
                WORKS.stream().map(work -> "a " + work + " of " + article + " {}."),
                MEDIA.stream().map(medium -> medium + " of " + article + " {}."),
                LOOKS.stream().map(look -> "a photo of " + article + " " + look + " {}."),
                MATERIALS.stream().map(material -> article + " " + material + " {}.")).flatMap(sentences -> sentences);
    }

    /** The sentences in which a text is said. */
    public static List<String> about(String text, Templates templates) {
        return templates == Templates.IMAGENET ? about(text) : List.of(text);
    }

    /** The sentences about a word. */
    public static List<String> about(String word) {
        return IMAGENET.stream().map(template -> template.replace(WORD, word)).toList();
    }
}
