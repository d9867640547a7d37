package org.atelier.dispatcher.projection;

import java.sql.SQLException;
import java.time.Duration;
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
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.Pragma;
import org.sqlite.SQLiteErrorCode;

/** Connections to the database, its schema, and what its errors mean. */
public final class Database implements AutoCloseable {
    private static final String SQLITE = "jdbc:sqlite:";

    /** What SQLite, which has no SQL states, answers to values that it cannot take. */
    private static final Set<Integer> SQLITE_REFUSALS = Set.of(SQLiteErrorCode.SQLITE_TOOBIG.code,
            SQLiteErrorCode.SQLITE_CONSTRAINT.code, SQLiteErrorCode.SQLITE_MISMATCH.code);
    /** Extended codes have the code that they refine in their lowest byte. */
    private static final int SQLITE_CODE = 0xff;

    /** How long a writer waits for another. */
    private static final Duration SQLITE_WAIT = Duration.ofSeconds(30);

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
            // On connections of its own: it takes several at once, and the pool may have a single one.
            Flyway.configure()
                    .dataSource(settings.url(), settings.user().orElse(null), settings.password().map(Secret::reveal)
                            .orElse(null))
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
            config.addDataSourceProperty(Pragma.JOURNAL_MODE.pragmaName, SQLiteConfig.JournalMode.WAL.getValue());
            config.addDataSourceProperty(Pragma.SYNCHRONOUS.pragmaName, SQLiteConfig.SynchronousMode.NORMAL.getValue());
            config.addDataSourceProperty(Pragma.BUSY_TIMEOUT.pragmaName, String.valueOf(SQLITE_WAIT.toMillis()));
            config.addDataSourceProperty(Pragma.TRANSACTION_MODE.pragmaName, SQLiteConfig.TransactionMode.IMMEDIATE
                    .getValue());
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
                ? SQLITE_REFUSALS.contains(e.getErrorCode() & SQLITE_CODE)
                : state.startsWith("22") || state.startsWith("23");
    }

    @Override
    public void close() {
        pool.close();
    }
}
