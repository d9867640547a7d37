package org.atelier.worker.goldens;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.worker.TestEngine;
import org.atelier.worker.edit.IdentityLoss;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.face.FaceCrop;

/** The identity loss and its gradient with respect to the edited picture, for several sizes of picture. */
final class IdentityLossCheck implements Check {
    @Override
    public boolean knows(Golden golden) {
        return golden.group().equals("face") && golden.config().has("sizes") && IdentityCheck.isIdentity(golden);
    }

    /** Pictures are stored as blocks of equal pixels. */
    static NDArray enlarged(NDArray blocks, int times) {
        return blocks.repeat(2, times).repeat(3, times);
    }

    @Override
    public void run(Golden golden, Verdict verdict, NDManager manager) {
        try (var network = IdentityCheck.network(golden.weights())) {
            for (var size : golden.config().path("sizes")) {
                int pixels = size.asInt();
                var blocks = golden.array("in.y_blocks_" + pixels, manager);
                int times = pixels / Math.toIntExact(blocks.getShape().get(2));
                var y = enlarged(blocks, times);
                var yHat = enlarged(golden.array("in.y_hat_blocks_" + pixels, manager), times);
                var loss = new IdentityLoss(network, y, manager);
                try (var tape = TestEngine.get().record()) {
                    var leaf = tape.leaf(yHat);
                    var value = loss.of(leaf).mean();
                    tape.backward(value);
                    verdict.compare("loss_" + pixels, value);
                    verdict.compare("grad.y_hat_" + pixels, leaf.getGradient());
                }
                var crop = new FaceCrop(pixels, network.input(), manager);
                verdict.compare("features.y_" + pixels, network.embed(crop.apply(y), Tap.NONE));
                verdict.compare("features.y_hat_" + pixels, network.embed(crop.apply(yHat), Tap.NONE));
            }
        }
    }
}
