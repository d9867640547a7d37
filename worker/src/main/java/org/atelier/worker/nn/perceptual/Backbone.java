package org.atelier.worker.nn.perceptual;

import java.util.List;

/**
 * The convolutional networks whose features LPIPS compares, up to their last tap, as torchvision numbers their layers.
 */
public enum Backbone {
    /** VGG16 (Simonyan and Zisserman 2015), tapped at relu1_2, 2_2, 3_3, 4_3 and 5_3. */
    VGG16(2, List.of(
            new Stage(false, List.of(Kernel.of(0, 3), Kernel.of(2, 3))),
            new Stage(true, List.of(Kernel.of(5, 3), Kernel.of(7, 3))),
            new Stage(true, List.of(Kernel.of(10, 3), Kernel.of(12, 3), Kernel.of(14, 3))),
            new Stage(true, List.of(Kernel.of(17, 3), Kernel.of(19, 3), Kernel.of(21, 3))),
            new Stage(true, List.of(Kernel.of(24, 3), Kernel.of(26, 3), Kernel.of(28, 3))))),
    /** AlexNet (Krizhevsky 2014, its one-column form), tapped after each of its five ReLUs. */
    ALEXNET(3, List.of(
            new Stage(false, List.of(new Kernel(0, 11, 4, 2))),
            new Stage(true, List.of(Kernel.of(3, 5))),
            new Stage(true, List.of(Kernel.of(6, 3))),
            new Stage(false, List.of(Kernel.of(8, 3))),
            new Stage(false, List.of(Kernel.of(10, 3)))));

    private final int window;

    private final List<Stage> stages;

    /**
     * What lies between two taps.
     *
     * @param pooled  whether a pooling comes first
     * @param kernels of its convolutions; a ReLU follows each
     */
    record Stage(boolean pooled, List<Kernel> kernels) {}

    /**
     * A convolution.
     *
     * @param index   its N in {@code features.N}
     * @param size    of the kernel
     * @param stride  of both axes
     * @param padding on each side
     */
    record Kernel(int index, int size, int stride, int padding) {
        /** One that keeps the size. */
        static Kernel of(int index, int size) {
            return new Kernel(index, size, 1, size / 2);
        }
    }

    Backbone(int window, List<Stage> stages) {
        this.window = window;
        this.stages = stages;
    }

    /** Width of the windows of its max poolings, whose stride is 2. */
    int window() {
        return window;
    }

    /** One for each tap. */
    List<Stage> stages() {
        return stages;
    }
}
