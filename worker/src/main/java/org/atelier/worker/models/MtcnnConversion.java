package org.atelier.worker.models;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.atelier.worker.checkpoint.TensorContent;
import org.atelier.worker.face.FaceSettings;

/** Three published files become the one network that finds faces: each one's names behind the name of the network. */
final class MtcnnConversion {
    private static final Map<Kind, String> NETWORKS = new TreeMap<>(Map.of(Kind.MTCNN_PROPOSAL, "pnet",
            Kind.MTCNN_REFINEMENT, "rnet", Kind.MTCNN_OUTPUT, "onet"));

    private MtcnnConversion() {}

    /** Whether a network is one of the three. */
    static boolean isPart(FoundNetwork network) {
        return NETWORKS.containsKey(network.kind());
    }

    /**
     * Joins the three.
     *
     * @throws ImportException if they are not one of each
     */
    static ConvertedNetwork of(Collection<FoundNetwork> networks) {
        var byKind = new LinkedHashMap<Kind, FoundNetwork>();
        for (var network : networks) {
            if (byKind.put(network.kind(), network) != null) {
                throw new ImportException("Two of the files hold " + network.kind().title() + ", one of them " + network
                        + ". A bundle has one MTCNN.");
            }
        }
        if (byKind.size() < NETWORKS.size()) {
            throw new ImportException("MTCNN needs three networks, and there is only " + networks.stream().map(
                    FoundNetwork::toString).collect(Collectors.joining(" and ")) + ". Give all of pnet.pt, rnet.pt and"
                    + " onet.pt.");
        }
        var tensors = new TreeMap<String, TensorContent>();
        var dropped = new ArrayList<String>();
        var unexpected = new ArrayList<String>();
        NETWORKS.forEach((kind, prefix) -> {
            var network = byKind.get(kind);
            var names = NameTable.MTCNN.sort(network.tensors());
            Conversion.contents(names, network.tensors()).forEach((name, tensor) -> tensors.put(prefix + "." + name,
                    tensor));
            names.dropped().forEach(name -> dropped.add(prefix + "." + name));
            names.unexpected().forEach(name -> unexpected.add(prefix + "." + name));
        });
        return Conversion.withOrigin(new ConvertedNetwork(Kind.MTCNN_PROPOSAL.part(), "mtcnn", FaceSettings.PUBLISHED
                .json(), tensors, dropped, unexpected), NETWORKS.keySet().stream().map(byKind::get).toList());
    }
}
