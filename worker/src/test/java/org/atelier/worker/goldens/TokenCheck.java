package org.atelier.worker.goldens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.stream.LongStream;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.nn.clip.BpeTokenizer;
import org.atelier.worker.nn.clip.BpeTokenizer.Overflow;

/** Token numbers of CLIP's published vocabulary. */
final class TokenCheck implements Check {
    @Override
    public boolean knows(Golden golden) {
        return golden.group().equals("clip") && golden.description().has("strings");
    }

    @Override
    public void run(Golden golden, Verdict verdict, NDManager manager) {
        var tokenizer = BpeTokenizer.published();
        int context = Math.toIntExact(golden.array("context_ids", manager).getShape().get(1));
        var places = new ArrayList<long[]>();
        var raw = new ArrayList<Integer>();
        var lengths = new ArrayList<Long>();
        for (var string : golden.description().path("strings")) {
            var text = string.path("text").asText();
            var tokens = tokenizer.encode(text);
            raw.addAll(tokens);
            lengths.add((long) tokens.size());
            places.add(tokenizer.tokenize(text, context, Overflow.TRUNCATE));
            assertThat(tokens.size() + 2).as(text).isEqualTo(string.path("untruncated_length").asInt());
            if (string.path("too_long_without_truncate").asBoolean()) {
                assertThatThrownBy(() -> tokenizer.tokenize(text, context, Overflow.ERROR)).isInstanceOf(
                        IllegalArgumentException.class).hasMessageContaining("make it shorter");
            }
        }
        verdict.compare("context_ids", manager.create(places.stream().flatMapToLong(LongStream::of).toArray(),
                new Shape(
                        places.size(), context)));
        verdict.compare("raw_ids_concatenated", manager.create(raw.stream().mapToLong(Integer::longValue).toArray()));
        verdict.compare("raw_ids_length", manager.create(lengths.stream().mapToLong(Long::longValue).toArray()));
    }
}
