package org.atelier.dispatcher.projection;

import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.atelier.common.config.Secret;
import org.atelier.dispatcher.fault.Outage;
import org.atelier.dispatcher.fault.UnavailableException;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** Connections to the database, its schema, and what its errors mean. */
public final class Database implements AutoCloseable {
    private static final String SQLITE = "jdbc:sqlite:";

    /** Result codes of SQLite for values that it cannot take: too big, constraint, mismatch. */
    private static final Set<Integer> SQLITE_REFUSALS = Set.of(18, 19, 20);

    private final HikariDataSource pool;
    private final Jdbi jdbi;

    /**
     * Connects, and brings the schema up to date.
     *
     * @throws UnavailableException if the database cannot be reached, or its schema cannot be brought up to date
     */
    public Database(DatabaseSettings settings) {
        try {
            this.pool = new HikariDataSource(config(settings));
            Flyway.configure()
                    .dataSource(pool)
                    .locations("classpath:org/atelier/dispatcher/projection/migration")
                    .load()
                    .migrate();
        } catch (RuntimeException e) {
            throw new UnavailableException(Outage.DATABASE, "The database " + settings.url()
                    + " cannot be used (" + e.getMessage() + "); check " + DatabaseSettings.URL.key() + ".", e);
        }
        this.jdbi = Jdbi.create(pool);
    }

    private static HikariConfig config(DatabaseSettings settings) {
        var config = new HikariConfig();
        config.setPoolName("projection");
        config.setJdbcUrl(settings.url());
        settings.user().ifPresent(config::setUsername);
        settings.password().map(Secret::reveal).ifPresent(config::setPassword);
        config.setMaximumPoolSize(settings.connections());
        if (settings.url().startsWith(SQLITE)) {
            // Readers beside the one writer; a commit need not reach the disk, because what is lost is read again from
            // the topics; writers queue from their first statement on, so that none fails half-way.
            config.addDataSourceProperty("journal_mode", "WAL");
            config.addDataSourceProperty("synchronous", "NORMAL");
            config.addDataSourceProperty("busy_timeout", "30000");
            config.addDataSourceProperty("transaction_mode", "IMMEDIATE");
        }
        return config;
    }

    /** Runs statements, each its own transaction. */
    <T> T read(HandleCallback<T, RuntimeException> work) {
        try {
            return jdbi.withHandle(work);
        } catch (JdbiException e) {
            throw translated(e);
        }
    }

    /** Runs statements as one transaction. */
    <T> T write(HandleCallback<T, RuntimeException> work) {
        try {
            return jdbi.inTransaction(work);
        } catch (JdbiException e) {
            throw translated(e);
        }
    }

    /** Whether the database answers. */
    public Optional<String> problem() {
        try {
            read(handle -> handle.select("SELECT 1").mapTo(Integer.class).one());
            return Optional.empty();
        } catch (UnavailableException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** A value that the database refuses will be refused again; everything else may pass. */
    private static RuntimeException translated(JdbiException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && isRefusal(sql)) {
                return e;
            }
        }
        return new UnavailableException(Outage.DATABASE, "The database did not do as it was asked (" + e.getMessage()
                + ").", e);
    }

    private static boolean isRefusal(SQLException e) {
        var state = e.getSQLState();
        // Class 22 is data exceptions, class 23 integrity violations.
        return state == null
                ? SQLITE_REFUSALS.contains(e.getErrorCode() & 0xff)
                : state.startsWith("22") || state.startsWith("23");
    }

    @Override
    public void close() {
        pool.close();
    }
}
