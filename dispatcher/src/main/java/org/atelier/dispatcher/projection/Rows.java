package org.atelier.dispatcher.projection;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import org.atelier.common.error.JobFailure;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.json.Json;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.PartOf;
import org.atelier.dispatcher.schedule.FailedAttempt;
import org.atelier.dispatcher.schedule.FedAttempt;
import org.atelier.dispatcher.schedule.IdleRun;
import org.atelier.dispatcher.schedule.Part;
import org.atelier.dispatcher.schedule.ReadyRecord;
import org.atelier.dispatcher.schedule.RunningAttempt;
import org.jdbi.v3.core.result.RowView;
import org.jspecify.annotations.Nullable;

/** From rows to what they mean. */
final class Rows {
    private static final TypeReference<Map<String, Double>> SECONDS = new TypeReference<>() {};

    private Rows() {}

    static JobId job(RowView row) {
        return new JobId(text(row, "job"));
    }

    static RunId run(RowView row) {
        return new RunId(job(row), number(row, "run"));
    }

    static AttemptId attempt(RowView row) {
        return new AttemptId(run(row), number(row, "attempt"));
    }

    static FedAttempt fed(RowView row) {
        var offset = row.getColumn("ready_offset", Long.class);
        var record = offset == null ? ReadyRecord.gone() : new ReadyRecord(number(row, "ready_part"), offset);
        return new FedAttempt(attempt(row), text(row, "pool"), record, isCancelling(row));
    }

    static RunningAttempt running(RowView row) {
        var sequence = row.getColumn("sequence", Long.class);
        var millis = row.getColumn("run_millis", Long.class);
        return new RunningAttempt(attempt(row), find(row, "worker").orElse("of unknown name"),
                find(row, "host").orElse("an unknown host"), sequence == null ? -1 : sequence, millis == null
                        ? null
                        : Duration.ofMillis(millis));
    }

    static FailedAttempt failed(RowView row) {
        return new FailedAttempt(attempt(row), read(text(row, "failure"), JobFailure.class), seconds(row), number(row,
                "counted"), number(row, "fruitless"), number(row, "resumed_from"));
    }

    static Part part(RowView row) {
        var composite = new RunId(new JobId(text(row, "composite")), number(row, "composite_run"));
        return new Part(run(row), new PartOf(composite, number(row, "phase"), number(row, "place")), JobType.parse(text(
                row, "type")), Standing.state(text(row, "state")));
    }

    static IdleRun idle(RowView row) {
        return new IdleRun(run(row), number(row, "attempt"));
    }

    static Manifest manifest(RowView row) {
        return read(text(row, "manifest"), Manifest.class);
    }

    static boolean isCancelling(RowView row) {
        return number(row, "cancel_run") >= number(row, "run");
    }

    static Map<String, Double> seconds(RowView row) {
        return find(row, "seconds").map(Rows::seconds).orElse(Map.of());
    }

    private static Map<String, Double> seconds(String json) {
        try {
            return Json.mapper().readValue(json, SECONDS);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(RowView row, String column) {
        return row.getColumn(column, String.class);
    }

    static int number(RowView row, String column) {
        return row.getColumn(column, Integer.class);
    }

    static Optional<String> find(RowView row, String column) {
        return Optional.ofNullable(row.getColumn(column, String.class));
    }

    static @Nullable Instant instant(RowView row, String column) {
        var millis = row.getColumn(column, Long.class);
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }

    static <T> Optional<T> find(RowView row, String column, Class<T> type) {
        return find(row, column).map(json -> read(json, type));
    }

    static <T> T read(String json, Class<T> type) {
        return Json.read(json.getBytes(StandardCharsets.UTF_8), type);
    }
}
