/**
 * The projection: what the topics have told, in a database. It can be dropped at any time; it is built again from the
 * topics. All SQL is here, and runs on SQLite and PostgreSQL alike.
 */
@NullMarked
package org.atelier.dispatcher.projection;

import org.jspecify.annotations.NullMarked;
