package org.atelier.common.request;

import java.util.List;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.InvertRequest;
import org.atelier.common.job.InvertRequest.Method;

/** What a request to invert an image needs of a bundle. */
final class InvertCheck {
    private InvertCheck() {}

    static void check(InvertRequest request, BundleCard bundle, List<Violation> violations) {
        if (request.method().projects() && bundle.perceptual() == null) {
            violations.add(new Violation("/request/method", "needs a perceptual network, which " + bundle.name()
                    + " does not have" + (bundle.encoder() == null ? "" : "; ask for method encoder")));
        }
        if (request.method().encodes() && bundle.encoder() == null) {
            violations.add(new Violation("/request/method", "needs an encoder, which " + bundle.name()
                    + " does not have; ask for method projector"));
        }
        if (request.method() == Method.PTI && request.tuned() != null) {
            violations.add(new Violation("/request/tuned",
                    "must be left out: what pti makes is the difference to the bundle's own generator"));
        }
    }
}
