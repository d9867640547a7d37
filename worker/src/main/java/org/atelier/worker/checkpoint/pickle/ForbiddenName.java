package org.atelier.worker.checkpoint.pickle;

import org.atelier.worker.checkpoint.io.Quoted;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;

/** What to tell about a name that is not allowed: some tell what file it is. */
final class ForbiddenName {
    private ForbiddenName() {}

    /**
     * The refusal.
     *
     * @param name              module and name, as the file has them
     * @param place             the file and the byte
     * @param persistentObjects whether the file has objects of the NVlabs generators
     */
    static RefusedFileException refusal(String name, String place, boolean persistentObjects) {
        var found = place + ": the name " + Quoted.of(name);
        // Sources: dnnlib/tflib/network.py of StyleGAN and StyleGAN2, tfutil.py of Progressive GAN.
        if (name.startsWith("dnnlib.tflib.") || name.startsWith("tfutil.")) {
            return new RefusedFileException(Reason.TENSORFLOW_PICKLE, found
                    + " means networks of TensorFlow, as StyleGAN and the first StyleGAN2 released them. Convert the file"
                    + " once, where there is Python: legacy.py of the stylegan3 repository, --source=THIS --dest=NEW.pkl;"
                    + " then import the new one.");
        }
        // Source: training/networks_stylegan3_resetting.py of stylegan-xl: the mapping network embeds class labels.
        if (persistentObjects && name.equals("torch.nn.modules.sparse.Embedding")) {
            return new RefusedFileException(Reason.STYLEGAN_XL, found + " means a generator with a table of class"
                    + " embeddings, as StyleGAN-XL has it. That network is not supported: import a StyleGAN2 or StyleGAN3"
                    + " generator.");
        }
        if (name.startsWith("numpy.")) {
            return new RefusedFileException(Reason.FORBIDDEN_GLOBAL, found
                    + " is not among those that arrays of numbers need; it was neither looked up nor run. Save them with"
                    + " np.save or np.savez, or with pickle.dump(arrays, file, protocol=4).");
        }
        return new RefusedFileException(Reason.FORBIDDEN_GLOBAL, found
                + " is not among the few functions and classes that weights need. It was neither looked up nor run. If the"
                + " file does come from its publisher, it pickles a whole Python object: have the weights alone saved,"
                + " with torch.save(model.state_dict(), path), and import those.");
    }
}
