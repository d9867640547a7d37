package org.atelier.dispatcher.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.api.JobState;
import org.atelier.common.api.JobView;
import org.atelier.common.job.JobId;
import org.atelier.common.json.Json;

/**
 * A JobView document as the dispatcher sent it. Read field by field, so that a list that holds one job of a type that this
 * client does not know can still be shown.
 *
 * @param tree the document
 */
record JobDocument(JsonNode tree) {
    JobId id() {
        return new JobId(text("id"));
    }

    String type() {
        return text("type");
    }

    String bundle() {
        return text("bundle");
    }

    /** The state; a cancel that was asked for and has not happened shows. */
    String state() {
        return text("state") + (tree.path("cancelling").asBoolean() ? ", cancelling" : "");
    }

    /** {@code 57/100}; nothing before the first sign of life, nor of a job that came to its end. */
    String progress() {
        var progress = tree.path("progress");
        return progress.isObject() && text("state").equals("succeeded")
                ? ""
                : progress.isObject() ? progress.path("step").asText() + "/" + progress.path("steps").asText() : "";
    }

    String acceptedAt() {
        return toSeconds(text("accepted_at"));
    }

    String startedAt() {
        return toSeconds(text("started_at"));
    }

    String endedAt() {
        return toSeconds(text("ended_at"));
    }

    JsonNode request() {
        return tree.path("request");
    }

    /** What it is about in a few words: the prompt, what is tried, or how many pictures. */
    String subject() {
        var prompt = request().path("prompt");
        var sources = request().path("sources");
        if (request().path("prompts").isArray()) {
            return request().path("prompts").size() + " prompts";
        }
        if (request().path("axes").isObject()) {
            return request().path("axes").properties().stream().map(axis -> axis.getValue().size() + " of " + axis
                    .getKey()).collect(Collectors.joining(" x "));
        }
        return prompt.isTextual() ? prompt.asText() : sources.isArray() ? sources.size() + " pictures" : "";
    }

    /** Why it failed; empty if it did not. */
    String failure() {
        var failure = tree.path("failure");
        return failure.isObject() ? failure.path("category").asText() + ": " + failure.path("message").asText() : "";
    }

    /** Why it waits, where that is worth a word. */
    String waitingFor() {
        return text("waiting_for");
    }

    /** How long the device of a cancelled run stayed taken. */
    String freedAfter() {
        var millis = tree.path("freed_after_ms");
        return millis.isNumber() ? millis.asLong() + " ms after the worker heard of the cancel" : "";
    }

    /** Every attempt at it. */
    List<JobView.Attempt> attempts() {
        return StreamSupport.stream(tree.path("attempts").spliterator(), false)
                .map(node -> Json.read(node, JobView.Attempt.class))
                .toList();
    }

    List<JobView.Download> artifacts() {
        return StreamSupport.stream(tree.path("artifacts").spliterator(), false)
                .map(node -> Json.read(node, JobView.Download.class))
                .toList();
    }

    /** The run of the composite job that it is a part of; empty where it is a job of its own. */
    String composite() {
        return text("composite");
    }

    /** What a composite job consists of. */
    List<JobView.Part> parts() {
        return StreamSupport.stream(tree.path("parts").spliterator(), false)
                .map(node -> Json.read(node, JobView.Part.class))
                .toList();
    }

    /** A state as documents have it. */
    static String word(JobState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private String text(String field) {
        return tree.path(field).asText("");
    }

    /** ISO-8601 without the fraction of the second. */
    static String toSeconds(String instant) {
        int dot = instant.indexOf('.');
        return dot < 0 ? instant : instant.substring(0, dot) + "Z";
    }

    /** A size as people read it. */
    static String size(long bytes) {
        int unit = 1 << 10;
        if (bytes < unit) {
            return bytes + " B";
        }
        return bytes < unit * unit
                ? String.format(Locale.ROOT, "%.1f kB", (double) bytes / unit)
                : String.format(Locale.ROOT, "%.1f MB", (double) bytes / unit / unit);
    }
}
