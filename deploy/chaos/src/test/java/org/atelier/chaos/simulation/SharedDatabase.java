package org.atelier.chaos.simulation;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

import org.atelier.dispatcher.projection.Database;
import org.atelier.dispatcher.projection.DatabaseSettings;
import org.atelier.dispatcher.projection.JobIndex;
import org.atelier.dispatcher.projection.Projection;

/** The projection's database, in memory. One serves simulation after simulation: to make one costs more than to run one. */
final class SharedDatabase implements AutoCloseable {
    private static final List<String> TABLES = List.of("jobs", "attempts", "job_events", "positions", "dependencies");

    private final Connection connection;
    private final Database database;
    private final Projection projection;
    private final JobIndex index;

    /** @param folder names it, and holds its lock */
    SharedDatabase(Path folder) throws SQLException {
        var url = "jdbc:sqlite:file:" + folder.resolve("simulation") + "?mode=memory&cache=shared";
        this.connection = DriverManager.getConnection(url);
        this.database = new Database(new DatabaseSettings(url, Optional.empty(), Optional.empty(), 1));
        this.projection = new Projection(database);
        this.index = new JobIndex(database);
    }

    Projection projection() {
        return projection;
    }

    JobIndex index() {
        return index;
    }

    /** Forgets everything. */
    void clear() {
        try (var statement = connection.createStatement()) {
            for (var table : TABLES) {
                statement.execute("DELETE FROM " + table);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws SQLException {
        database.close();
        connection.close();
    }
}
