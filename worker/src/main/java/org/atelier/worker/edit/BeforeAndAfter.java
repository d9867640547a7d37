package org.atelier.worker.edit;

import java.util.List;
import java.util.stream.Stream;

import org.atelier.common.artifact.Artifact;
import org.atelier.worker.edit.picture.Sheet;
import org.atelier.worker.tensor.Picture;

/** The result of an edit of one picture: the picture before and after, both beside each other, the latent, the losses. */
public final class BeforeAndAfter {
    private BeforeAndAfter() {}

    /**
     * Its files.
     *
     * @param prompt what was asked for
     * @param latent of the picture after
     * @param losses one a step
     */
    public static List<Product> of(String prompt, Picture before, Picture after, Product latent,
            List<? extends Edit.Step> losses) {
        var sheet = Sheet.strip(prompt, List.of("before", "after"), List.of(before, after));
        return Stream.concat(Stream.of(
                new Product("before.png", Artifact.PNG, before.png()),
                new Product("after.png", Artifact.PNG, after.png()),
                new Product("before-after.png", Artifact.PNG, sheet.draw().png()),
                latent), LossFiles.of(prompt, losses).stream()).toList();
    }
}
