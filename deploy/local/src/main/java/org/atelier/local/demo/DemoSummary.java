package org.atelier.local.demo;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * {@code summary.json}.
 *
 * @param bundle       the bundle that was edited with, {@code name@version}
 * @param edits        those that succeeded
 * @param failures     why the others did not, by job
 * @param gallery      file with all faces before their edits; absent if they could not be drawn
 * @param contactSheet file with all edits
 * @param timeline     seconds from the start of the command to its milestones
 */
record DemoSummary(
        String bundle,
        List<EditResult> edits,
        Map<String, String> failures,
        @Nullable String gallery,
        String contactSheet,
        Map<String, Double> timeline) {}
