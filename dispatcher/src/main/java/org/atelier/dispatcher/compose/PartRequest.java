package org.atelier.dispatcher.compose;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A part that is wanted.
 *
 * @param name    what tells it from the others of its phase, for people
 * @param request what it shall compute
 */
public record PartRequest(String name, ObjectNode request) {}
