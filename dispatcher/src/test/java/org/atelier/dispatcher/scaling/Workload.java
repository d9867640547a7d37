package org.atelier.dispatcher.scaling;

/** Pods that an autoscaler counts and changes in number. */
interface Workload {
    /** Pods that are wanted (a Deployment's replicas), or not finished (Jobs), pending ones among them. */
    int replicas();

    /** Wants another number. */
    void scale(int replicas);
}
