package org.atelier.common.job;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * One request with every combination of some values, each a job of its own; the result is a table and a captioned sheet.
 *
 * <p>A cell that fails stays empty in both, with its reason in the table: that a learning rate is too high is an answer.
 * The grid fails if all of its cells do.
 *
 * @param bundle  whose networks are used, by every cell in the version that the grid was accepted with
 * @param base    what all cells have in common: a request with its {@code type}, which need not be whole without the axes
 * @param axes    values by JSON pointer into the request: {@code "/prompt": ["a smile", "a beard"]}. Values of the empty
 *                pointer are objects that are merged into the request: what goes together varies together
 * @param columns the axis whose values are the columns of the sheet; absent: the last by name. All others make rows
 * @param picture the artifact of a cell that is shown; absent: what jobs of its type are looked at by
 * @param sheet   whether the captioned sheet is made
 */
public record GridRequest(
        @NotNull @Pattern(regexp = BUNDLE_PATTERN) String bundle,
        @NotNull JsonNode base,
        @NotNull @Size(min = 1, max = MAX_AXES) Map<String, @Size(min = 1, max = MAX_CELLS) List<JsonNode>> axes,
        @Nullable String columns,
        @Nullable @Size(max = Input.MAX_NAME) String picture,
        @JsonProperty(defaultValue = "true") Boolean sheet) implements JobRequest {
    /** Most axes: a sheet of more can no longer be read. */
    public static final int MAX_AXES = 4;
    /** Most cells: their pictures and captions are one request and one event, which have 64 kB. */
    public static final int MAX_CELLS = 128;

    public GridRequest {
        axes = Collections.unmodifiableMap(new LinkedHashMap<>(Defaults.or(axes, Map.of())));
        sheet = Defaults.or(sheet, true);
    }

    /** How many combinations there are. */
    public long cells() {
        return axes.values().stream().mapToLong(Collection::size).reduce(1, Math::multiplyExact);
    }

    /** None: whatever a cell reads, the cell waits for. */
    @Override
    public List<JobId> parents() {
        return List.of();
    }
}
