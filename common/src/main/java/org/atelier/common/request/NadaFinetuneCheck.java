package org.atelier.common.request;

import java.util.List;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.NadaFinetuneRequest;
import org.atelier.common.job.NadaFinetuneRequest.Export;
import org.atelier.common.job.NadaFinetuneRequest.Form;
import org.atelier.common.job.NadaFinetuneRequest.Freeze;
import org.atelier.common.job.NadaFinetuneRequest.Phase;
import org.atelier.common.job.Noise;

/** What a bundle must have for {@code nada-finetune}, and which of its settings exclude each other. */
final class NadaFinetuneCheck {
    private static final String STYLEGAN2 = "stylegan2";
    private static final String STYLEGAN3 = "stylegan3";

    private NadaFinetuneCheck() {}

    static void check(NadaFinetuneRequest request, BundleCard bundle, List<Violation> violations) {
        var generator = bundle.generator().architecture();
        if (!generator.equals(STYLEGAN2) && !generator.equals(STYLEGAN3)) {
            violations.add(new Violation("/request/bundle", bundle.name() + " has a generator of the architecture "
                    + generator + "; only those of " + STYLEGAN2 + " and " + STYLEGAN3 + " can be tuned"));
        }
        if (bundle.clip() == null) {
            violations.add(new Violation("/request/bundle",
                    bundle.name() + " has no CLIP and cannot follow a text; name a bundle that has one"));
        }
        request.clips().keySet().stream().filter(name -> bundle.clip() != null && !bundle.clipNames().contains(name))
                .forEach(name -> violations.add(new Violation("/request/clips/" + name, "is no CLIP of " + bundle.name()
                        + "; it has " + String.join(", ", bundle.clipNames()))));
        checkTarget(request, violations);
        checkLayers(request, bundle, violations);
        checkLosses(request, violations);
        if (request.export().contains(Export.ROSINALITY) && !generator.equals(STYLEGAN2)) {
            violations.add(new Violation("/request/export", "cannot be rosinality: the generator of " + bundle.name()
                    + " is no " + STYLEGAN2 + "; ask for safetensors"));
        }
    }

    private static void checkTarget(NadaFinetuneRequest request, List<Violation> violations) {
        if (request.target() != null) {
            return;
        }
        if (request.targetImages().isEmpty()) {
            violations.add(new Violation("/request/target", "is missing: name a text, or target_images"));
        } else if (request.selection() != null || request.lambdaGlobal() > 0 || request.lambdaManifold() > 0) {
            violations.add(new Violation("/request/target",
                    "is missing: the selection of layers, lambda_global and lambda_manifold need a text"));
        }
    }

    private static void checkLayers(NadaFinetuneRequest request, BundleCard bundle, List<Violation> violations) {
        var selection = request.selection();
        if (selection != null && request.form() == Form.MULTIPLIERS) {
            violations.add(new Violation("/request/selection",
                    "must be absent: multipliers are trained in all layers"));
        }
        if (selection != null && selection.layers() != null && selection.layers() > bundle.latentRows()) {
            violations.add(new Violation("/request/selection/layers", "is " + selection.layers() + ", but " + bundle
                    .name() + " has " + bundle.latentRows() + " rows"));
        }
        boolean stylegan3 = bundle.generator().architecture().equals(STYLEGAN3);
        if (stylegan3 && request.phase() != Phase.DEFAULT && request.phase() != Phase.ALL) {
            violations.add(new Violation("/request/phase", "must be default or all: " + bundle.name()
                    + " has a StyleGAN3, whose layers have no such phases"));
        }
        if (request.freeze() == Freeze.PAPER && request.phase() == Phase.ALL) {
            violations.add(new Violation("/request/freeze",
                    "cannot be paper with phase all: that is to train what the paper keeps"));
        }
    }

    private static void checkLosses(NadaFinetuneRequest request, List<Violation> violations) {
        if (request.lambdaDirection() == 0 && request.lambdaGlobal() == 0 && request.lambdaManifold() == 0) {
            violations.add(new Violation("/request/lambda_direction",
                    "must be above 0 where no other loss draws towards the target"));
        }
        if (request.noise() == Noise.Mode.SOURCE) {
            violations.add(new Violation("/request/noise",
                    "must be const, random or none: a training has no source with noise maps of its own"));
        }
        if (request.guard() == 0 && request.noise() != Noise.Mode.RANDOM && request.lambdaDirection() > 0) {
            violations.add(new Violation("/request/guard",
                    "must be above 0 without random noise: the first difference is zero; 0.02 is usual"));
        }
    }
}
