package org.atelier.dispatcher.compose;

import java.util.List;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.common.job.DirectionTrainRequest;
import org.atelier.common.job.DirectionTrainRequest.Channels;
import org.atelier.common.job.Input;
import org.atelier.common.job.JobType;
import org.atelier.common.json.Json;

/** A table of directions that several jobs measure: parts of the channels at once, then the table of all. */
final class DirectionShards implements Composition<DirectionTrainRequest> {
    private static final int MEASURED = 1;
    private static final int MERGED = 2;

    @Override
    public Class<DirectionTrainRequest> requestType() {
        return DirectionTrainRequest.class;
    }

    @Override
    public Step next(Composite<DirectionTrainRequest> training) {
        var request = training.request();
        if (training.phasesOver() < MEASURED) {
            return new Step.Parts(IntStream.range(0, request.shards())
                    .mapToObj(shard -> new PartRequest("shard " + shard, with(request, "channels", new Channels.Part(
                            shard, request.shards()))))
                    .toList(), false);
        }
        if (training.phasesOver() < MERGED) {
            var tables = training.phase(MEASURED).stream()
                    .map(part -> new Input.Blob(part.artifact(DirectionTrainRequest.TABLE).orElseThrow().digest()))
                    .toList();
            return new Step.Parts(List.of(new PartRequest("the whole table", with(request, "merge", tables))), false);
        }
        var merged = training.phase(MERGED).getFirst().manifest();
        var summary = merged.summary();
        return new Step.Finished(merged.artifacts(), List.of(), summary == null
                ? JsonNodeFactory.instance.objectNode()
                : summary);
    }

    private static ObjectNode with(DirectionTrainRequest request, String field, Object value) {
        var part = (ObjectNode) Json.tree(request);
        part.remove(List.of("shards", "merge"));
        part.put("type", JobType.DIRECTION_TRAIN.wireName());
        part.set(field, Json.tree(value));
        return part;
    }

    @Override
    public String origin(DirectionTrainRequest request, String field) {
        return field;
    }
}
