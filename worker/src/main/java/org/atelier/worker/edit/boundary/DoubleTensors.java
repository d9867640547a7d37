package org.atelier.worker.edit.boundary;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.tensor.HostNumbers;
import org.atelier.worker.tensor.Scope;

/** Tensors of files as numbers in double precision, whatever they are stored in. */
final class DoubleTensors {
    private DoubleTensors() {}

    static double[] read(SafetensorsFile file, String tensor, NDManager manager) {
        return Scope.call(() -> file.readAsStored(tensor, manager).toType(DataType.FLOAT64, true).toDoubleArray());
    }

    /** Rows of so many numbers. */
    static List<double[]> rows(double[] flat, int width) {
        return IntStream.range(0, flat.length / width)
                .mapToObj(row -> Arrays.copyOfRange(flat, row * width, (row + 1) * width))
                .toList();
    }

    /** Rows of so many numbers. */
    static List<double[]> rows(float[] flat, int width) {
        return rows(HostNumbers.doubles(flat), width);
    }
}
