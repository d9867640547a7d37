package org.atelier.local.fleet;

import java.util.function.Consumer;

import org.atelier.local.process.ChildDeath;

/**
 * What every part of a fleet needs to know.
 *
 * @param installation      where the programs are
 * @param data              what they keep, and where they listen
 * @param onUnexpectedDeath told when one of them ends and nobody asked it to
 */
record Site(Installation installation, DataFolder data, Consumer<ChildDeath> onUnexpectedDeath) {}
