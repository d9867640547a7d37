package org.atelier.chaos.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

import org.atelier.chaos.simulation.World.Laws;

/** Runs simulations one after the other. */
final class SeedRunner implements AutoCloseable {
    private static final Path CARD = Path.of("..", "..", "models", "avatar-128", "bundle.json");

    private final Path scratch;
    private final SharedDatabase database;
    private final byte[] card;

    SeedRunner(Path scratch) throws IOException, SQLException {
        this.scratch = scratch;
        this.database = new SharedDatabase(scratch);
        this.card = Files.readAllBytes(CARD);
    }

    World.Outcome run(long seed, Laws laws) throws InterruptedException {
        return new World(seed, laws, scratch, database).run(card);
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
