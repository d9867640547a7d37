package org.atelier.worker.edit.direction;

/** Vectors of the size of an embedding, in double precision. */
final class Vectors {
    private Vectors() {}

    /** The vector divided by its norm, in place; one of norm 0 stays as it is. */
    static double[] unit(double[] vector) {
        double squares = 0;
        for (double value : vector) {
            squares += value * value;
        }
        double norm = Math.sqrt(squares);
        for (int i = 0; norm > 0 && i < vector.length; i++) {
            vector[i] /= norm;
        }
        return vector;
    }
}
