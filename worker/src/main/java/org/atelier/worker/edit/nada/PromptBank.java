package org.atelier.worker.edit.nada;

import java.util.ArrayList;
import java.util.List;

/**
 * The sentences around a word by whose mean CLIP understands it: OpenAI's templates for ImageNet without "a photo of many",
 * as StyleCLIP's global directions and StyleGAN-NADA use them ({@code text_templates.py}).
 */
public final class PromptBank {
    private static final List<String> PHOTOS = List.of("bad", "black and white", "blurry", "bright", "close-up",
            "cropped",
            "dark", "good", "jpeg corrupted", "low resolution", "pixelated");
    private static final List<String> WORKS = List.of("doodle", "drawing", "painting", "photo", "rendering",
            "rendition",
            "sculpture", "sketch", "tattoo");
    private static final List<String> MEDIA = List.of("art", "graffiti", "itap");
    private static final List<String> LOOKS = List.of("clean", "cool", "dirty", "hard to see", "large", "nice", "small",
            "weird");
    private static final List<String> KINDS = List.of("cartoon", "embroidered", "origami", "plastic", "plushie", "toy");

    private PromptBank() {}

    /** All sentences about a thing, in a fixed order. */
    public static List<String> about(String thing) {
        var prompts = new ArrayList<String>();
        for (var article : List.of("a ", "the ")) {
            prompts.add(article + thing + " in a video game.");
            PHOTOS.forEach(photo -> prompts.add("a " + photo + " photo of " + article + thing + "."));
            WORKS.forEach(work -> prompts.add("a " + work + " of " + article + thing + "."));
            MEDIA.forEach(medium -> prompts.add(medium + " of " + article + thing + "."));
            LOOKS.forEach(look -> prompts.add("a photo of " + article + look + " " + thing + "."));
            KINDS.forEach(kind -> prompts.add(article + kind + " " + thing + "."));
        }
        prompts.add("a photo of my " + thing + ".");
        prompts.add("a photo of one " + thing + ".");
        prompts.add("itap of my " + thing + ".");
        return prompts;
    }
}
