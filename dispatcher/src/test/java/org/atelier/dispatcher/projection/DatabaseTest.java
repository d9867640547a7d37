package org.atelier.dispatcher.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.InvalidSettingException;
import org.atelier.common.config.Secret;
import org.atelier.dispatcher.fault.Outage;
import org.atelier.dispatcher.fault.UnavailableException;
import org.atelier.dispatcher.support.TestDatabase;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class DatabaseTest {
    @Parameter
    private TestDatabase kind;

    @TempDir
    private Path folder;

    @Test
    void defaults() {
        assertThat(DatabaseSettings.of(Configuration.read(DatabaseSettings.LIST, Map.of()))).isEqualTo(
                new DatabaseSettings("jdbc:sqlite:atelier-dispatcher.db", Optional.empty(), Optional.empty(), 8));
    }

    @Test
    void everySettingArrives() {
        var configuration = Configuration.read(DatabaseSettings.LIST, Map.of("ATELIER_DATABASE",
                "jdbc:postgresql://db/atelier", "ATELIER_DATABASE_USER", "ann", "ATELIER_DATABASE_PASSWORD", "hunter2",
                "ATELIER_DATABASE_CONNECTIONS", "3"));

        assertThat(DatabaseSettings.of(configuration)).isEqualTo(new DatabaseSettings("jdbc:postgresql://db/atelier",
                Optional.of("ann"), Optional.of(new Secret("hunter2")), 3));
        assertThat(configuration.toString()).doesNotContain("hunter2");
    }

    @Test
    void anAddressThatIsNoneIsRefused() {
        assertThatThrownBy(() -> Configuration.read(DatabaseSettings.LIST, Map.of("ATELIER_DATABASE", "atelier.db")))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("jdbc:sqlite:");
    }

    @Test
    void aDatabaseThatCannotBeOpenedIsAway() {
        assertThatThrownBy(() -> new Database(DatabaseSettings.sqlite("jdbc:sqlite:" + folder.resolve("no/where.db"))))
                .isInstanceOfSatisfying(UnavailableException.class, e -> assertThat(e.outage()).isEqualTo(
                        Outage.DATABASE))
                .hasMessageContaining("ATELIER_DATABASE");
    }

    @Test
    void whatTheDatabaseRefusesWillBeRefusedAgainAndEverythingElseMayPass() {
        try (var database = kind.in(folder)) {
            assertThatThrownBy(() -> database.write(handle -> handle.execute(
                    "INSERT INTO positions (topic, part, build, next_offset) VALUES ('t', 0, 1, NULL)"))).isInstanceOf(
                            JdbiException.class);
            assertThatThrownBy(() -> database.write(handle -> handle.execute("INSERT INTO nothing VALUES (1)")))
                    .isInstanceOf(UnavailableException.class);
            assertThat(database.problem()).isEmpty();
        }
    }

    @Test
    void oneThatIsClosedSaysSo() {
        var database = kind.in(folder);
        database.close();

        assertThat(database.problem()).isPresent();
    }

    @Test
    void aFileOfSqliteIsOneProcesssAndPostgresqlIsEverybodys() {
        try (var first = kind.in(folder)) {
            switch (kind) {
                case SQLITE -> assertThatThrownBy(() -> kind.in(folder)).isInstanceOf(UnavailableException.class)
                        .hasMessageContaining("another dispatcher").hasMessageContaining("PostgreSQL");
                case POSTGRESQL -> {
                    try (var second = kind.in(folder)) {
                        assertThat(second.problem()).isEmpty();
                    }
                }
            }
            assertThat(first.problem()).isEmpty();
        }
        kind.in(folder).close();
    }
}
