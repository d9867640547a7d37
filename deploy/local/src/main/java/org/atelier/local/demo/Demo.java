package org.atelier.local.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import javax.imageio.ImageIO;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.api.JobView;
import org.atelier.common.client.JobWatch;
import org.atelier.common.event.Message;
import org.atelier.common.job.DeltaApplyRequest;
import org.atelier.common.job.JobId;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.json.Json;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.dispatcher.cli.DispatcherClient;
import org.atelier.dispatcher.cli.Terminal;
import org.atelier.local.demo.ContactSheet.Card;
import org.atelier.local.demo.DemoPlan.Edit;

/** Sends the jobs of a plan through a fleet, and writes down what comes out. */
public final class Demo {
    private static final String BEFORE = "before.png";
    private static final String AFTER = "after.png";
    private static final String GRID = "grid.png";
    private static final String SHEET = "contact-sheet.png";
    private static final String SUMMARY = "summary.json";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final DispatcherClient client;
    private final Path out;
    private final Terminal terminal;
    private final Timeline timeline;
    private final Map<String, String> failures = new LinkedHashMap<>();

    /** @param out folder for pictures, sheet and summary */
    public Demo(DispatcherClient client, Path out, Terminal terminal, Timeline timeline) {
        this.client = client;
        this.out = out;
        this.terminal = terminal;
        this.timeline = timeline;
    }

    /** What was seen of a job until it ended. */
    private record Followed(Manifest manifest, Map<String, Double> losses) {}

    /**
     * Runs everything.
     *
     * @return whether every job succeeded
     */
    public boolean run(DemoPlan plan) throws IOException, InterruptedException {
        Files.createDirectories(out);
        var gallery = submit(plan.gallery());
        var jobs = new LinkedHashMap<JobId, Edit>();
        for (var edit : plan.edits()) {
            jobs.put(submit(plan.submission(edit)), edit);
        }
        timeline.mark("submitted", "submitted: one gallery of faces and " + jobs.size() + " edits");

        var faces = faces(gallery);
        var results = new ArrayList<EditResult>();
        for (var job : jobs.entrySet()) {
            edit(job.getKey(), job.getValue(), results.size() + failures.size() + 1).ifPresent(results::add);
        }
        int succeeded = results.size();
        results.addAll(instant(plan, jobs.size() + 1));
        writeSheet(plan, results);
        timeline.mark("finished", succeeded + " of " + jobs.size() + " edits succeeded, and " + (results.size()
                - succeeded) + " in an instant");
        Files.writeString(out.resolve(SUMMARY), Json.pretty(new DemoSummary(plan.bundle().reference(), results,
                failures, faces.orElse(null), SHEET, timeline.seconds())));
        tell(faces, results);
        return failures.isEmpty();
    }

    private JobId submit(JsonNode submission) throws InterruptedException {
        return new JobId(client.submit(submission, Optional.empty()).path("id").asText());
    }

    /** The file with all faces, if they could be drawn. */
    private Optional<String> faces(JobId job) throws InterruptedException {
        if (follow(job, "the faces").isEmpty()) {
            return Optional.empty();
        }
        save(view(job), GRID, "faces.png");
        return Optional.of("faces.png");
    }

    private Optional<EditResult> edit(JobId job, Edit edit, int number) throws InterruptedException {
        var followed = follow(job, edit.prompt());
        if (followed.isEmpty()) {
            return Optional.empty();
        }
        var view = view(job);
        var name = name(number, edit);
        return Optional.of(new EditResult(job, edit.seed(), edit.prompt(), view.request(), followed.get().losses(),
                EditResult.digests(view), seconds(view), save(view, BEFORE, name + "-before.png"),
                save(view, AFTER, name + "-after.png")));
    }

    /** What the bundle's delta mapper makes of all faces and prompts in one job; nothing if it has no mapper. */
    private List<EditResult> instant(DemoPlan plan, int number) throws InterruptedException {
        var edits = plan.instantEdits();
        if (edits.isEmpty()) {
            return List.of();
        }
        var job = submit(plan.instant());
        if (follow(job, "instant edits").isEmpty()) {
            return List.of();
        }
        var view = view(job);
        var request = (DeltaApplyRequest) view.request();
        var results = new ArrayList<EditResult>();
        for (int index = 0; index < edits.size(); index++) {
            var edit = edits.get(index);
            int prompts = request.prompts().size();
            var name = name(number + index, edit) + "-instant";
            results.add(new EditResult(job, edit.seed(), edit.prompt(), request, Map.of(), EditResult.digests(view),
                    seconds(view) / edits.size(), save(view, "before-" + index / prompts + ".png", name
                            + "-before.png"),
                    save(view, "picture-" + index / prompts + "-" + index % prompts + "-0.png", name + "-after.png")));
        }
        return results;
    }

    private static String name(int number, Edit edit) {
        return String.format(Locale.ROOT, "%02d-%s-seed%d", number, edit.prompt().toLowerCase(Locale.ROOT).replaceAll(
                "[^a-z0-9]+", "-"), edit.seed());
    }

    /** Shows a job to its end; empty if that was no success, which is then noted. */
    private Optional<Followed> follow(JobId job, String title) throws InterruptedException {
        var losses = new LinkedHashMap<String, Double>();
        Manifest manifest;
        try (var display = terminal.display(title)) {
            manifest = new JobWatch(client.connection(), job, message -> {
                if (message instanceof Message.AttemptProgressed progressed) {
                    losses.putAll(progressed.progress().losses());
                    if (!losses.isEmpty()) {
                        timeline.mark("first_edit_running", "the first edit is running");
                    }
                }
                display.show(message);
            }, PATIENCE).follow();
        }
        if (manifest.outcome() == Outcome.SUCCEEDED) {
            return Optional.of(new Followed(manifest, losses));
        }
        var why = manifest.failure() == null ? "was cancelled" : manifest.failure().message();
        failures.put(job.value(), why);
        terminal.out().println(title + ": " + why);
        return Optional.empty();
    }

    private JobView view(JobId job) throws InterruptedException {
        return Json.read(client.job(job), JobView.class);
    }

    private static double seconds(JobView job) {
        return job.startedAt() == null || job.endedAt() == null
                ? 0
                : Duration.between(job.startedAt(), job.endedAt()).toMillis() / 1_000.0;
    }

    private String save(JobView job, String artifact, String file) throws InterruptedException {
        var download = job.artifacts().stream()
                .filter(candidate -> candidate.artifact().name().equals(artifact))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("job " + job.id() + " succeeded and has no " + artifact));
        client.download(download, out.resolve(file));
        return file;
    }

    private void writeSheet(DemoPlan plan, List<EditResult> results) throws IOException {
        var cards = new ArrayList<Card>();
        for (var result : results) {
            cards.add(new Card(ImageIO.read(out.resolve(result.before()).toFile()),
                    ImageIO.read(out.resolve(result.after()).toFile()), result.prompt(), note(result)));
        }
        var sheet = new ContactSheet().draw("Text edits of " + plan.bundle().name(), plan.bundle().title()
                + " \u00B7 " + (plan.bundle().delta() == null
                        ? "StyleCLIP latent optimisation in W+"
                        : "mode best; the last ones by the delta mapper alone") + " \u00B7 made by ./atelier demo",
                cards);
        ImageIO.write(sheet, "png", out.resolve(SHEET).toFile());
    }

    private static String note(EditResult result) {
        var steps = result.hyperParameters() instanceof OptimizeRequest request
                ? request.steps() + " steps"
                : "no steps";
        return String.format(Locale.ROOT, "seed %d \u00B7 %s \u00B7 %.1f s", result.seed(), steps, result.seconds());
    }

    private void tell(Optional<String> faces, List<EditResult> results) {
        terminal.out().println();
        terminal.out().println("Look at " + out.resolve(SHEET));
        terminal.out().println("Beside it: " + SUMMARY + faces.map(file -> ", " + file).orElse("") + " and "
                + 2 * results.size() + " single pictures");
    }
}
