package org.atelier.local.chaos;

import org.atelier.chaos.proxy.Link;
import org.atelier.local.fleet.LocalService;

/**
 * A worker of a fleet that is to be broken.
 *
 * @param name    its own
 * @param service its process
 * @param store   its link to the store
 */
record ChaosWorker(String name, LocalService service, Link store) {
    /** What histories call the process that runs now. */
    String incarnation() {
        return name + "-" + service.process().pid();
    }
}
