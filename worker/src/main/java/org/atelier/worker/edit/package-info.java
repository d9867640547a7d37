/**
 * The edit methods: each a class that is made from a request and a bundle's networks and driven step by step, with its
 * whole state at hand. Nothing here knows of queues or stores.
 */
@NullMarked
package org.atelier.worker.edit;

import org.jspecify.annotations.NullMarked;
