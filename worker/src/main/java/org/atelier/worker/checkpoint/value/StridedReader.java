package org.atelier.worker.checkpoint.value;

import java.util.Arrays;

import org.atelier.worker.checkpoint.io.ByteRegion;

/** Gathers the numbers of a strided view in row-major order, in runs of neighbours where the last axis has any. */
final class StridedReader {
    private final StoredType type;
    private final boolean bigEndian;
    private final long[] shape;
    private final long[] strides;
    private final long offset;
    private final ByteRegion content;

    StridedReader(StoredTensor tensor, ByteRegion content) {
        this.type = tensor.type();
        this.bigEndian = tensor.bigEndian();
        this.offset = tensor.offset();
        this.content = content;
        var view = merged(tensor.shape(), tensor.strides());
        this.shape = view[0];
        this.strides = view[1];
    }

    void read(float[] values) {
        if (values.length == 0) {
            return;
        }
        int last = shape.length - 1;
        int run = (int) shape[last];
        var index = new long[shape.length];
        long element = offset;
        for (int at = 0; at < values.length; at += run) {
            readRun(element, strides[last], values, at, run);
            // Counts up the axes before the last one, like an odometer.
            for (int axis = last - 1; axis >= 0; axis--) {
                element += strides[axis];
                if (++index[axis] < shape[axis]) {
                    break;
                }
                element -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }
    }

    private void readRun(long element, long stride, float[] values, int at, int run) {
        if (stride == 1 && type == StoredType.FLOAT32 && !bigEndian) {
            copyRun(element, values, at, run);
            return;
        }
        long position = element * type.bytes();
        long step = stride * type.bytes();
        for (int i = 0; i < run; i++) {
            values[at + i] = type.toFloat(content, position, bigEndian);
            position += step;
        }
    }

    private void copyRun(long element, float[] values, int at, int run) {
        for (int done = 0; done < run;) {
            int step = Math.min(run - done, ByteRegion.MAX_WINDOW / Float.BYTES);
            var window = content.window((element + done) * Float.BYTES, step * Float.BYTES);
            window.asFloatBuffer().get(values, at + done, step);
            done += step;
        }
    }

    /** Joins axes that are contiguous, so that a dense tensor is one run; a single number is a run of one. */
    private static long[][] merged(long[] shape, long[] strides) {
        var sizes = new long[Math.max(1, shape.length)];
        var steps = new long[sizes.length];
        int axes = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            if (shape[axis] == 1) {
                continue;
            }
            if (axes > 0 && steps[axes - 1] == shape[axis] * strides[axis]) {
                sizes[axes - 1] *= shape[axis];
            } else {
                sizes[axes++] = shape[axis];
            }
            steps[axes - 1] = strides[axis];
        }
        if (axes == 0) {
            sizes[axes++] = 1;
        }
        return new long[][]{Arrays.copyOf(sizes, axes), Arrays.copyOf(steps, axes)};
    }
}
