package org.atelier.dispatcher.support;

import java.nio.file.Path;

import org.atelier.dispatcher.projection.Database;
import org.atelier.dispatcher.projection.DatabaseSettings;

/** The database that tests use: the default one, in a file of their own. */
public final class TestDatabase {
    private TestDatabase() {}

    /** A database in a folder. */
    public static Database in(Path folder) {
        return new Database(DatabaseSettings.sqlite("jdbc:sqlite:" + folder.resolve("projection.db")));
    }
}
