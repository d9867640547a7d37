package org.atelier.worker.edit.direction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.DirectionApplyRequest;
import org.atelier.common.job.DirectionApplyRequest.Prompt;
import org.atelier.common.job.DirectionTrainRequest;
import org.atelier.common.json.Json;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.ClipView;
import org.atelier.worker.edit.Inputs;
import org.atelier.worker.edit.Noises;
import org.atelier.worker.edit.Product;
import org.atelier.worker.edit.SourceEdits;
import org.atelier.worker.edit.picture.Sheet;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Scope;

/** Edits every source by every text in every strength, a source a step. */
public final class DirectionApplication extends SourceEdits {
    private final DirectionApplyRequest request;
    private final Noises noises;
    private final DirectionTable table;
    private final List<StyleDirection> directions;

    /**
     * Prepares the job: reads the table and picks a direction for each text.
     *
     * @param networks stay the caller's
     * @param inputs   where the table and stored latents are
     * @throws JobException INVALID_REQUEST if a beta leaves no channel or the bundle has no CLIP, INPUT_UNREADABLE if the
     *                      table is damaged, in part, or of another bundle
     */
    public DirectionApplication(DirectionApplyRequest request, BundleNetworks networks, Inputs inputs) {
        super(request.sources(), request.truncation(), networks, inputs);
        this.request = request;
        this.noises = prepare(() -> Noises.forAll(networks, request.noise(), inputs, manager));
        this.table = prepare(() -> table(inputs));
        this.directions = prepare(this::directions);
    }

    private DirectionTable table(Inputs inputs) {
        try {
            var read = DirectionTable.read("The table", inputs.read(request.table(), DirectionTrainRequest.TABLE),
                    manager);
            var bundle = read.origin().get(Origin.BUNDLE);
            if (!networks.card().reference().equals(bundle) || !read.channels().equals(StyleChannels.of(generator))) {
                throw new IllegalArgumentException("The table of directions was made for " + bundle
                        + " and says nothing"
                        + " about " + networks.card().reference() + ". Make one by a direction-train job.");
            }
            if (!read.isWhole()) {
                throw new IllegalArgumentException("The table of directions is a part, channels " + read.from() + " to "
                        + read.to() + " of " + read.channels().shaping().length
                        + ". Put all parts together by a direction-train job with merge.");
            }
            return read;
        } catch (IllegalArgumentException e) {
            throw new JobException(ErrorCategory.INPUT_UNREADABLE, String.valueOf(e.getMessage()), e);
        }
    }

    private List<StyleDirection> directions() {
        var clip = networks.clip().orElseThrow(() -> new JobException(ErrorCategory.INVALID_REQUEST,
                "To follow a text needs a CLIP, which the bundle " + networks.card().reference()
                        + " does not have."));
        try (var view = new ClipView(clip, generator.resolution(), manager)) {
            var seen = new HashMap<String, float[]>();
            return request.prompts().stream().map(prompt -> direction(prompt, text -> seen.computeIfAbsent(text,
                    words -> TextView.of(view, PromptTemplates.about(words, request.templates()))))).toList();
        }
    }

    private StyleDirection direction(Prompt prompt, Function<String, float[]> view) {
        try {
            return StyleDirection.of(table, TextView.direction(view.apply(prompt.neutral()), view.apply(prompt
                    .target())), prompt.selection() == null ? request.selection() : prompt.selection());
        } catch (JobException e) {
            throw new JobException(e.category(), "\"" + prompt.target() + "\": " + e.getMessage(), e);
        }
    }

    @Override
    protected void edit(int source, NDArray wPlus, Made made) {
        var styles = table.channels().pack(generator.styles(wPlus));
        var noise = noises.next(request.sources().get(source), manager);
        made.row().add(draw(styles, noise));
        for (int prompt = 0; prompt < directions.size(); prompt++) {
            for (int strength = 0; strength < request.strengths().size(); strength++) {
                edit(styles, prompt, strength, noise, "edit-" + source + "-" + prompt + "-" + strength, made);
            }
        }
    }

    private void edit(NDArray styles, int prompt, int strength, Noise noise, String name, Made made) {
        Scope.run(() -> {
            var edited = moved(styles, directions.get(prompt), request.strengths().get(strength));
            var picture = draw(edited, noise);
            made.row().add(picture);
            if (request.files()) {
                made.products().add(new Product(name + ".png", Artifact.PNG, picture.png()));
                made.products().add(placed().file(name + ".safetensors", table.channels().unpack(edited)));
            }
        });
    }

    private NDArray moved(NDArray styles, StyleDirection direction, double strength) {
        var move = direction.boundary().clone();
        for (int i = 0; i < move.length; i++) {
            move[i] = (float) (strength * move[i]);
        }
        return styles.add(HostArrays.of(manager, move, new Shape(1, move.length)));
    }

    private Picture draw(NDArray styles, Noise noise) {
        return Scope.call(() -> Picture.of(placed().draw(table.channels().unpack(styles), noise))
                .getFirst());
    }

    @Override
    protected List<Product> products() {
        return List.of(
                new Product("sheet.png", Artifact.PNG, sheet().png()),
                new Product("directions.json", Artifact.JSON, Json.bytes(IntStream.range(0, directions.size())
                        .mapToObj(prompt -> account(request.prompts().get(prompt), directions.get(prompt)))
                        .toList())));
    }

    private static Map<String, Object> account(Prompt prompt, StyleDirection direction) {
        var account = new LinkedHashMap<String, Object>();
        account.put("neutral", prompt.neutral());
        account.put("target", prompt.target());
        account.put("beta", direction.beta());
        account.put("largest_relevance", direction.largest());
        account.put("channels", direction.channels());
        return account;
    }

    /** Of a single strength a row is a source and a column a text; of several a row is a source and a text. */
    private Picture sheet() {
        var prompts = request.prompts();
        var strengths = request.strengths();
        var columns = new ArrayList<String>(List.of("source"));
        var captions = new ArrayList<String>();
        var cells = new ArrayList<List<Picture>>();
        boolean single = strengths.size() == 1;
        if (single) {
            prompts.forEach(prompt -> columns.add(prompt.target()));
        } else {
            strengths.forEach(strength -> columns.add(caption(strength)));
        }
        for (int source = 0; source < stepsDone(); source++) {
            var name = captions().get(source);
            var row = rows().get(source);
            if (single) {
                captions.add(name);
                cells.add(row);
                continue;
            }
            for (int prompt = 0; prompt < prompts.size(); prompt++) {
                var cell = new ArrayList<Picture>(List.of(row.getFirst()));
                int first = 1 + prompt * strengths.size();
                cell.addAll(row.subList(first, first + strengths.size()));
                captions.add(name + ": " + prompts.get(prompt).target());
                cells.add(cell);
            }
        }
        return new Sheet(single ? "strength " + caption(strengths.getFirst()) : "", columns, captions, cells).draw();
    }

    private static String caption(double strength) {
        return String.format(Locale.ROOT, "%+.3g", strength);
    }
}
