package org.atelier.dispatcher.projection;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.atelier.common.config.Secret;
import org.atelier.dispatcher.fault.Outage;
import org.atelier.dispatcher.fault.UnavailableException;
import org.atelier.dispatcher.leadership.LeadershipLease;
import org.atelier.dispatcher.schedule.DemandBoard;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.Pragma;
import org.sqlite.SQLiteErrorCode;

/** Connections to the database, its schema, and what its errors mean. */
public final class Database implements AutoCloseable {
    /** What SQLite, which has no SQL states, answers to values that it cannot take. */
    private static final Set<Integer> SQLITE_REFUSALS = Set.of(SQLiteErrorCode.SQLITE_TOOBIG.code,
            SQLiteErrorCode.SQLITE_CONSTRAINT.code, SQLiteErrorCode.SQLITE_MISMATCH.code);
    /** Extended codes have the code that they refine in their lowest byte. */
    private static final int SQLITE_CODE = 0xff;

    /** How long a writer waits for another. */
    private static final Duration SQLITE_WAIT = Duration.ofSeconds(30);

    /** Times that a transaction is tried. */
    private static final int MOST_ATTEMPTS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    /** Longest that a transaction may wait for its next statement: a process that was stopped holds no row for longer. */
    private static final Duration IDLE_IN_TRANSACTION = Duration.ofSeconds(5);
    /** Longest wait of a statement for a row. */
    private static final Duration LOCK_WAIT = Duration.ofSeconds(15);
    /** Longest wait for the connection that nobody else uses. */
    private static final Duration ALONE_WAIT = Duration.ofSeconds(2);

    private final boolean shared;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Jdbi jdbi;
    private final Jdbi alone;

    /**
     * Connects, and brings the schema up to date.
     *
     * @throws UnavailableException if the database cannot be reached, or its schema cannot be brought up to date
     */
    public Database(DatabaseSettings settings) {
        this.shared = !settings.url().startsWith(SqliteFile.PREFIX);
        try {
            if (!shared) {
                SqliteFile.take(settings.url()).ifPresent(opened::push);
            }
            this.jdbi = connect(config(settings, "projection", settings.connections()));
            // On connections of its own: it takes several at once, and the pool may have a single one.
            Flyway.configure()
                    .dataSource(settings.url(), settings.user().orElse(null), settings.password().map(Secret::reveal)
                            .orElse(null))
                    .locations("classpath:org/atelier/dispatcher/projection/migration")
                    .load()
                    .migrate();
            if (shared) {
                var config = config(settings, "leadership", 1);
                config.setConnectionTimeout(ALONE_WAIT.toMillis());
                this.alone = connect(config);
            } else {
                this.alone = jdbi;
            }
        } catch (UnavailableException e) {
            close();
            throw e;
        } catch (RuntimeException e) {
            close();
            throw new UnavailableException(Outage.DATABASE, "The database " + settings.url()
                    + " cannot be used (" + e.getMessage() + "); check " + DatabaseSettings.URL.key() + ".", e);
        }
    }

    private Jdbi connect(HikariConfig config) {
        var pool = new HikariDataSource(config);
        opened.push(pool);
        return Jdbi.create(pool);
    }

    private static HikariConfig config(DatabaseSettings settings, String name, int connections) {
        var config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(settings.url());
        settings.user().ifPresent(config::setUsername);
        settings.password().map(Secret::reveal).ifPresent(config::setPassword);
        config.setMaximumPoolSize(connections);
        if (settings.url().startsWith(SqliteFile.PREFIX)) {
            // Readers beside the one writer; a commit need not reach the disk, because what is lost is read again from
            // the topics; writers queue from their first statement on, so that none fails half-way.
            config.addDataSourceProperty(Pragma.JOURNAL_MODE.pragmaName, SQLiteConfig.JournalMode.WAL.getValue());
            config.addDataSourceProperty(Pragma.SYNCHRONOUS.pragmaName, SQLiteConfig.SynchronousMode.NORMAL.getValue());
            config.addDataSourceProperty(Pragma.BUSY_TIMEOUT.pragmaName, String.valueOf(SQLITE_WAIT.toMillis()));
            config.addDataSourceProperty(Pragma.TRANSACTION_MODE.pragmaName, SQLiteConfig.TransactionMode.IMMEDIATE
                    .getValue());
        } else {
            config.setConnectionInitSql("SET idle_in_transaction_session_timeout = " + IDLE_IN_TRANSACTION.toMillis()
                    + "; SET lock_timeout = " + LOCK_WAIT.toMillis());
        }
        return config;
    }

    /** The lease on leading: a row where several dispatchers share the database, and nothing where it is one's own file. */
    public LeadershipLease lease() {
        return shared ? new LeaseRow(this) : LeadershipLease.sole();
    }

    /** Where the dispatcher that leads writes the demand; nobody reads it where there is one only. */
    public DemandBoard demandBoard() {
        return shared ? new DemandRows(this) : DemandBoard.unread();
    }

    /** Runs statements, each its own transaction, on a connection that everything else leaves alone. */
    <T> T alone(HandleCallback<T, RuntimeException> work) {
        try {
            return alone.withHandle(work);
        } catch (JdbiException e) {
            throw translated(e);
        }
    }

    /** Runs statements, each its own transaction. */
    <T> T read(HandleCallback<T, RuntimeException> work) {
        try {
            return jdbi.withHandle(work);
        } catch (JdbiException e) {
            throw translated(e);
        }
    }

    /** Runs statements as one transaction; once more where the database broke it off for the sake of another. */
    <T> T write(HandleCallback<T, RuntimeException> work) {
        for (int attempt = 1;; attempt++) {
            try {
                return jdbi.inTransaction(work);
            } catch (JdbiException e) {
                if (attempt == MOST_ATTEMPTS || !hasCause(e, Database::isRollback)) {
                    throw translated(e);
                }
                LOG.debug("a transaction was broken off and is tried again", e);
            }
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
        if (hasCause(e, Database::isRefusal)) {
            return e;
        }
        return new UnavailableException(Outage.DATABASE, "The database did not do as it was asked (" + e.getMessage()
                + ").", e);
    }

    private static boolean hasCause(JdbiException e, Predicate<SQLException> is) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && is.test(sql)) {
                return true;
            }
        }
        return false;
    }

    /** Class 40: of transactions that waited for each other in a circle one is given up, and may try again. */
    private static boolean isRollback(SQLException e) {
        return e.getSQLState() != null && e.getSQLState().startsWith("40");
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
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                LOG.warn("the database could not be left in good order; the process ends all the same", e);
            }
        }
    }
}
