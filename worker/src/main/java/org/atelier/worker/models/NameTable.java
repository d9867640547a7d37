package org.atelier.worker.models;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

import org.atelier.worker.checkpoint.value.TensorTable;

/** The names of a published layout: which tensors are taken, and which are known and not needed. */
final class NameTable {
    /** Counters of batch normalisation, which only training looks at. */
    private static final String COUNTERS = ".*\\.num_batches_tracked";

    private final Pattern taken;
    private final Pattern dropped;

    /**
     * What a table says about the names of a file.
     *
     * @param taken      by name
     * @param dropped    names of tensors that are not needed
     * @param unexpected names that the layout does not have
     */
    record Sorted(SortedMap<String, String> taken, List<String> dropped, List<String> unexpected) {}

    private NameTable(String taken, String dropped) {
        this.taken = Pattern.compile(taken);
        this.dropped = Pattern.compile(dropped + "|" + COUNTERS);
    }

    /** StyleGAN2 of stylegan2-ada-pytorch and stylegan3. Resampling filters become numbers of the card. */
    static final NameTable STYLEGAN2 = new NameTable("mapping\\.(fc\\d+|embed)\\.(weight|bias)"
            + "|mapping\\.w_avg"
            + "|synthesis\\.b\\d+\\.const"
            + "|synthesis\\.b\\d+\\.(conv[01]|torgb|skip)"
            + "\\.(weight|bias|noise_strength|noise_const|affine\\.(weight|bias))",
            "synthesis\\.b\\d+\\.(\\w+\\.)?resample_filter");

    /** StyleGAN3. Its filters are kept: they can be computed, and so can be checked. */
    static final NameTable STYLEGAN3 = new NameTable("mapping\\.(fc\\d+|embed)\\.(weight|bias)"
            + "|mapping\\.w_avg"
            + "|synthesis\\.input\\.(weight|affine\\.(weight|bias)|transform|freqs|phases)"
            + "|synthesis\\.L\\d+_\\d+_\\d+"
            + "\\.(weight|bias|magnitude_ema|up_filter|down_filter|affine\\.(weight|bias))", "(?!)");

    /** CLIP of OpenAI and open_clip, with either image tower. */
    static final NameTable CLIP = new NameTable(
            "token_embedding\\.weight|positional_embedding|text_projection|logit_scale"
                    + "|ln_final\\.(weight|bias)"
                    + "|(visual\\.)?transformer\\.resblocks\\.\\d+\\.(attn\\.in_proj_(weight|bias)"
                    + "|(attn\\.out_proj|ln_1|ln_2|mlp\\.c_fc|mlp\\.c_proj)\\.(weight|bias))"
                    + "|visual\\.(class_embedding|positional_embedding|proj|conv\\d\\.weight)"
                    + "|visual\\.(ln_pre|ln_post)\\.(weight|bias)"
                    + "|visual\\.(layer\\d+\\.\\d+\\.)?(conv\\d|bn\\d|downsample\\.\\d)"
                    + "\\.(weight|bias|running_mean|running_var)"
                    + "|visual\\.attnpool\\.(positional_embedding|[qkvc]_proj\\.(weight|bias))",
            "input_resolution|context_length|vocab_size|attn_mask|logit_bias");

    /** IR-SE of InsightFace. */
    static final NameTable IDENTITY = new NameTable("input_layer\\.\\d\\.\\w+"
            + "|body\\.\\d+\\.(res_layer|shortcut_layer)\\.\\d\\.(fc\\d\\.)?\\w+"
            + "|output_layer\\.\\d\\.\\w+", "(?!)");

    /** Feature layers of torchvision's VGG16 and AlexNet; their classifier is not looked at. */
    static final NameTable BACKBONE = new NameTable("features\\.\\d+\\.(weight|bias)", "classifier\\..*");

    /** LPIPS version 0.1; newer files have every layer twice. */
    static final NameTable LPIPS_HEADS = new NameTable("lin\\d\\.model\\.1\\.weight",
            "lins\\..*|scaling_layer\\..*|net\\..*");

    /** Encoders of pSp's family; {@code latent_avg} stands beside the state dict and is added. */
    static final NameTable ENCODER = new NameTable("encoder\\..*|latent_avg", "(?!)");

    /** Each of the three networks of MTCNN, as facenet-pytorch has them. */
    static final NameTable MTCNN = new NameTable("(conv|dense)\\d(_\\d)?\\.(weight|bias)|prelu\\d\\.weight", "(?!)");

    /** Mappers of StyleCLIP: by level, single, and one for each layer of StyleSpace. */
    static final NameTable MAPPER = new NameTable("mapper\\.((course_|medium_|fine_)?mapping|mapper_\\d+)"
            + "\\.mapping\\.\\d+\\.(weight|bias)", "(?!)");

    /** Sorts the names of a file. */
    Sorted sort(TensorTable tensors) {
        var names = new TreeMap<String, String>();
        var left = new ArrayList<String>();
        var unexpected = new ArrayList<String>();
        for (var name : tensors.names()) {
            if (dropped.matcher(name).matches()) {
                left.add(name);
            } else if (taken.matcher(name).matches()) {
                names.put(name, name);
            } else {
                unexpected.add(name);
            }
        }
        return new Sorted(names, left, unexpected);
    }
}
