package org.atelier.worker.edit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.tensor.Picture;

/** What the bundle's reader, which is in no loss, reads in pictures: the likeliest value of each attribute. */
public final class Attributes {
    private Attributes() {}

    /** By attribute, for each picture in [N, 3, H, W]. */
    public static List<Map<String, String>> of(BundleNetworks networks, NDArray images) {
        var scores = networks.reader().orElseThrow().scores(images.clip(-1, 1));
        int width = Math.toIntExact(scores.getShape().get(1));
        var flat = scores.toFloatArray();
        var all = new ArrayList<Map<String, String>>();
        for (int row = 0; row * width < flat.length; row++) {
            var read = new LinkedHashMap<String, String>();
            int at = row * width;
            for (var attribute : networks.card().reader().config().path("outputs")) {
                var values = attribute.path("values");
                int best = 0;
                for (int i = 1; i < values.size(); i++) {
                    best = flat[at + i] > flat[at + best] ? i : best;
                }
                if (values.size() > 1) {
                    read.put(attribute.path("name").asText(), values.get(best).asText());
                }
                at += values.size();
            }
            all.add(read);
        }
        return all;
    }

    /** By attribute, of a file. */
    public static Map<String, String> of(BundleNetworks networks, byte[] png, NDManager manager) {
        var picture = Picture.read(png);
        var rgb = picture.rgb();
        var values = new float[rgb.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Byte.toUnsignedInt(rgb[i]) / 127.5f - 1;
        }
        return of(networks, manager.create(values, new Shape(1, picture.height(), picture.width(), 3)).transpose(0, 3,
                1,
                2)).getFirst();
    }
}
