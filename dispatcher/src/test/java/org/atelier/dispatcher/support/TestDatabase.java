package org.atelier.dispatcher.support;

import java.nio.file.Path;
import java.util.Optional;

import org.atelier.dispatcher.projection.Database;
import org.atelier.dispatcher.projection.DatabaseSettings;

/**
 * The databases that tests run on. A test that is about what the database does takes each of them, as the parameter of its
 * class; whoever needs some database takes SQLite.
 */
public enum TestDatabase {
    /** The default one: a file in the folder of the test. */
    SQLITE {
        @Override
        public DatabaseSettings settings(Path folder) {
            return DatabaseSettings.sqlite("jdbc:sqlite:" + folder.resolve("projection.db"));
        }
    },
    /** A real server, if one can be started here; the test is skipped where none can. */
    POSTGRESQL {
        @Override
        public DatabaseSettings settings(Path folder) {
            return new DatabaseSettings(PostgresServer.database(folder), Optional.empty(), Optional.empty(),
                    POSTGRESQL_CONNECTIONS);
        }
    };

    /** Each is a process of the server: a test opens and closes many databases. */
    private static final int POSTGRESQL_CONNECTIONS = 3;

    /** How to reach the database of a folder; the same folder, the same database. */
    public abstract DatabaseSettings settings(Path folder);

    /** The database of a folder, opened. */
    public Database in(Path folder) {
        return new Database(settings(folder));
    }
}
