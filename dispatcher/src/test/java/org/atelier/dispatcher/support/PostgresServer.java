package org.atelier.dispatcher.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.atelier.dispatcher.projection.Database;
import org.atelier.dispatcher.projection.DatabaseSettings;

/** A PostgreSQL server that lives as long as the tests' process. Its databases are copies of one whose schema is made once. */
final class PostgresServer {
    private static final String TEMPLATE = "atelier_template";
    private static final String USER = "postgres";

    private static final Start START = start();

    /** What came of starting it: a server, or why there is none. */
    private sealed interface Start {
        record Running(EmbeddedPostgres server, ConcurrentHashMap<Path, String> databases) implements Start {}

        record Impossible(String reason) implements Start {}
    }

    private PostgresServer() {}

    private static Start start() {
        try {
            var server = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
            execute(server, "CREATE DATABASE " + TEMPLATE);
            new Database(new DatabaseSettings(server.getJdbcUrl(USER, TEMPLATE), Optional.empty(), Optional.empty(), 1))
                    .close();
            return new Start.Running(server, new ConcurrentHashMap<>());
        } catch (IOException | IllegalStateException e) {
            return new Start.Impossible("no PostgreSQL can be started here: " + e.getMessage());
        }
    }

    /** The address of the database of a folder; the test is skipped where no server can be started. */
    static String database(Path folder) {
        return switch (START) {
            case Start.Running running -> running.server.getJdbcUrl(USER, running.databases.computeIfAbsent(folder,
                    key -> create(running)));
            case Start.Impossible impossible -> {
                assumeTrue(false, impossible.reason);
                throw new AssertionError("an assumption that is false ends the test");
            }
        };
    }

    private static String create(Start.Running running) {
        var name = "test_" + running.databases.size();
        execute(running.server, "CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
        return name;
    }

    private static void execute(EmbeddedPostgres server, String sql) {
        try (var connection = server.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new UncheckedIOException(new IOException(sql, e));
        }
    }
}
