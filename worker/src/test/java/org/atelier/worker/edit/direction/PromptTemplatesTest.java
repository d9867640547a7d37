package org.atelier.worker.edit.direction;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromptTemplatesTest {
    @Test
    void thereAre79SentencesWithOnePlaceForTheWord() {
        assertThat(PromptTemplates.IMAGENET).hasSize(79).doesNotHaveDuplicates().allSatisfy(template -> assertThat(
                template.split("\\{}", -1)).hasSize(2));
    }

    @Test
    void theyAreThePublishedOnes() {
        assertThat(PromptTemplates.about("face")).contains("a bad photo of the face.", "graffiti of a face.",
                "a photo of the hard to see face.", "a plushie face.", "the face in a video game.", "itap of my face.",
                "a photo of a face.").doesNotContain("a photo of many face.");
    }
}
