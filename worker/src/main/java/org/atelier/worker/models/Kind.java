package org.atelier.worker.models;

/** What a published file can bring into a bundle. */
enum Kind {
    /** A StyleGAN2 in the names of NVlabs. */
    STYLEGAN2("generator", "a StyleGAN2 generator (NVlabs)"),
    /** A StyleGAN2 in the names of rosinality's code, as StyleCLIP, e4e and StyleGAN-NADA use it. */
    STYLEGAN2_ROSINALITY("generator", "a StyleGAN2 generator (rosinality)"),
    /** A StyleGAN3 of either configuration. */
    STYLEGAN3("generator", "a StyleGAN3 generator (NVlabs)"),
    /** A CLIP in the names of OpenAI, which open_clip keeps. */
    CLIP("clip", "a CLIP (OpenAI names)"),
    /** A CLIP in the names of Hugging Face. */
    CLIP_HUGGING_FACE("clip", "a CLIP (Hugging Face names)"),
    /** An IR-SE face recognition network. */
    IDENTITY("identity", "an IR-SE identity network"),
    /** Convolutions of torchvision that LPIPS looks through. */
    BACKBONE("perceptual", "a VGG16 or AlexNet backbone (torchvision)"),
    /** The linear layers of LPIPS, which need their backbone. */
    LPIPS_HEADS("perceptual", "the linear layers of LPIPS"),
    /** An encoder of pictures: e4e, pSp or ReStyle. */
    ENCODER("encoder", "an encoder (e4e, pSp or ReStyle)"),
    /** The first network of MTCNN, which needs the other two. */
    MTCNN_PROPOSAL("landmarks", "the first network of MTCNN (pnet)"),
    /** The second one. */
    MTCNN_REFINEMENT("landmarks", "the second network of MTCNN (rnet)"),
    /** The third one. */
    MTCNN_OUTPUT("landmarks", "the third network of MTCNN (onet)"),
    /** A latent mapper of StyleCLIP: a result of training, no part of a bundle. */
    MAPPER("mapper", "a StyleCLIP mapper");

    private final String part;
    private final String title;

    Kind(String part, String title) {
        this.part = part;
        this.title = title;
    }

    /** The part of a bundle that it becomes; its file is called so. */
    String part() {
        return part;
    }

    /** For messages. */
    String title() {
        return title;
    }
}
