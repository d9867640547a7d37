package org.atelier.worker.edit.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.atelier.common.lettering.Lettering;
import org.atelier.worker.edit.picture.Canvas.Side;
import org.atelier.worker.tensor.Picture;

/**
 * How losses went over the steps: one curve a loss, each in a panel with a scale of its own, because losses differ by
 * orders of magnitude. The panels share the axis of steps.
 *
 * @param title  above all; may be empty
 * @param losses by name: one value a step, all of one length; a value that is not finite leaves a gap
 */
public record LossChart(String title, Map<String, double[]> losses) {
    /** Name of the total, which is drawn first. */
    public static final String TOTAL = "loss";

    private static final int WIDTH = 760;
    private static final int PANEL = 130;
    private static final int GAP = 26;
    private static final int LEFT = 74;
    private static final int RIGHT = 20;
    private static final int MARGIN = 12;
    private static final int TICK = 4;
    private static final double TEXT = 12;
    private static final double TITLE = 16;
    private static final int VALUE_MARKS = 4;
    private static final int STEP_MARKS = 10;
    private static final Color GRID = new Color(233, 236, 239);
    private static final Color FIRST = new Color(33, 37, 41);
    private static final Color OTHERS = new Color(25, 113, 194);
    private static final BasicStroke HAIR = new BasicStroke(1);
    private static final BasicStroke CURVE = new BasicStroke(1.6f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);

    public LossChart {
        if (losses.isEmpty() || losses.values().stream().anyMatch(values -> values.length == 0)) {
            throw new IllegalArgumentException("a chart needs a step");
        }
        if (losses.values().stream().mapToInt(values -> values.length).distinct().count() > 1) {
            throw new IllegalArgumentException("the losses of a chart have one length");
        }
        losses = Map.copyOf(losses);
    }

    /**
     * The chart of a run.
     *
     * @param steps what each step reported by name; a loss that a step did not report has a gap there
     */
    public static LossChart of(String title, List<Map<String, Double>> steps) {
        var losses = new TreeMap<String, double[]>();
        for (int step = 0; step < steps.size(); step++) {
            for (var loss : steps.get(step).entrySet()) {
                losses.computeIfAbsent(loss.getKey(), name -> gaps(steps.size()))[step] = loss.getValue();
            }
        }
        return new LossChart(title, losses);
    }

    private static double[] gaps(int count) {
        var values = new double[count];
        Arrays.fill(values, Double.NaN);
        return values;
    }

    /** Names from the top: the total, then the others by alphabet. */
    List<String> names() {
        return losses.keySet().stream()
                .sorted(Comparator.comparing((String name) -> !name.equals(TOTAL)).thenComparing(Comparator
                        .naturalOrder()))
                .toList();
    }

    /** The chart as a picture. */
    public Picture draw() {
        var names = names();
        int count = losses.get(names.getFirst()).length;
        var steps = Axis.between(0, Math.max(1, count - 1), STEP_MARKS);
        try (var canvas = new Canvas(WIDTH, bottom(names.size() - 1) + Canvas.height(2, TEXT) + MARGIN)) {
            var regular = Lettering.regular();
            var bold = Lettering.bold();
            canvas.write(bold, bold.wrap(title, TITLE, WIDTH - 2.0 * MARGIN, 1), MARGIN, MARGIN, TITLE, Canvas.INK,
                    Side.LEFT);
            for (int panel = 0; panel < names.size(); panel++) {
                var name = names.get(panel);
                new Panel(canvas, regular, steps, top(panel)).draw(name, losses.get(name), panel == 0 ? FIRST : OTHERS);
            }
            int below = bottom(names.size() - 1) + TICK;
            for (double mark : steps.marks()) {
                if (mark == Math.rint(mark)) {
                    canvas.write(regular, List.of(steps.text(mark)), x(steps, mark), below, TEXT, Canvas.FAINT,
                            Side.MIDDLE);
                }
            }
            canvas.write(regular, List.of("step"), (LEFT + WIDTH - RIGHT) / 2.0, below + Canvas.LINE * TEXT, TEXT,
                    Canvas.FAINT, Side.MIDDLE);
            return canvas.picture();
        }
    }

    private int top(int panel) {
        int head = title.isEmpty() ? 0 : Canvas.height(1, TITLE);
        return MARGIN + head + GAP + panel * (PANEL + GAP);
    }

    private int bottom(int panel) {
        return top(panel) + PANEL;
    }

    private static double x(Axis steps, double step) {
        return LEFT + steps.place(step) * (WIDTH - LEFT - RIGHT);
    }

    /** One curve with its name, its last value and its scale. */
    private record Panel(Canvas canvas, Lettering lettering, Axis steps, int top) {
        void draw(String name, double[] values, Color colour) {
            double textTop = top - Canvas.LINE * TEXT - 2;
            canvas.write(lettering, List.of(name), LEFT, textTop, TEXT, colour, Side.LEFT);
            var finite = Arrays.stream(values).filter(Double::isFinite).toArray();
            if (finite.length > 0) {
                canvas.write(lettering, List.of(String.format(Locale.ROOT, "%.4g", finite[finite.length - 1])),
                        (double) WIDTH
                                - RIGHT, textTop, TEXT, colour, Side.RIGHT);
                draw(values, Axis.around(finite, VALUE_MARKS), colour);
            }
        }

        private void draw(double[] values, Axis axis, Color colour) {
            var graphics = canvas.graphics();
            graphics.setStroke(HAIR);
            graphics.setColor(GRID);
            for (double mark : steps.marks()) {
                graphics.draw(new Line2D.Double(x(steps, mark), top, x(steps, mark), (double) top + PANEL));
            }
            for (double mark : axis.marks()) {
                graphics.setColor(GRID);
                graphics.draw(new Line2D.Double(LEFT, y(axis, mark), (double) WIDTH - RIGHT, y(axis, mark)));
                canvas.write(lettering, List.of(axis.text(mark)), (double) LEFT - TICK - 2, y(axis, mark) - TEXT
                        / 2 - 1, TEXT, Canvas.FAINT, Side.RIGHT);
            }
            graphics.setColor(Canvas.FAINT);
            graphics.draw(new Rectangle2D.Double(LEFT, top, (double) WIDTH - LEFT - RIGHT, PANEL));
            graphics.setColor(colour);
            graphics.setStroke(CURVE);
            graphics.draw(curve(values, axis));
        }

        private Path2D curve(double[] values, Axis axis) {
            var curve = new Path2D.Double();
            boolean drawing = false;
            for (int step = 0; step < values.length; step++) {
                if (!Double.isFinite(values[step])) {
                    drawing = false;
                    continue;
                }
                double x = x(steps, step);
                double y = y(axis, values[step]);
                if (!drawing) {
                    curve.moveTo(x, y);
                }
                curve.lineTo(x, y);
                drawing = true;
            }
            return curve;
        }

        private double y(Axis axis, double value) {
            return top + (1 - axis.place(value)) * PANEL;
        }
    }
}
