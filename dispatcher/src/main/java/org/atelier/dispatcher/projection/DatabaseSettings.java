package org.atelier.dispatcher.projection;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.Parser;
import org.atelier.common.config.Secret;
import org.atelier.common.config.Setting;

/**
 * Where the projection is kept.
 *
 * @param url         JDBC address
 * @param user        who we are; empty where the database asks for none
 * @param password    proof of it
 * @param connections most connections at once
 */
public record DatabaseSettings(String url, Optional<String> user, Optional<Secret> password, int connections) {
    private static final Pattern WITH_PASSWORD = Pattern.compile("(?i)[?&;]password=|//[^/@]*:[^/@]*@");

    /** Address. */
    public static final Setting<String> URL = Setting.of("ATELIER_DATABASE",
            Parser.STRING.where(url -> url.startsWith("jdbc:"), "a JDBC address such as jdbc:sqlite:atelier.db").where(
                    url -> !WITH_PASSWORD.matcher(url).find(),
                    "without a password, because it is logged: ATELIER_DATABASE_PASSWORD, or ATELIER_DATABASE_PASSWORD_FILE"),
            "jdbc:sqlite:atelier-dispatcher.db",
            "JDBC address of the projection: what is kept there can be built again from the topics");
    /** User. */
    public static final Setting<String> USER = Setting.optional("ATELIER_DATABASE_USER", Parser.STRING,
            "user of the database, where it has users");
    /** Password. */
    public static final Setting<Secret> PASSWORD = Setting.optional("ATELIER_DATABASE_PASSWORD", Parser.SECRET,
            "password of the database's user");
    /** Connections. */
    public static final Setting<Integer> CONNECTIONS = Setting.of("ATELIER_DATABASE_CONNECTIONS",
            Parser.between(1, 200), "8", "most connections to the database at once");
    /** All of them. */
    public static final List<Setting<?>> LIST = List.of(URL, USER, PASSWORD, CONNECTIONS);

    /** Takes the database's settings out of a process's. */
    public static DatabaseSettings of(Configuration configuration) {
        return new DatabaseSettings(configuration.get(URL), configuration.find(USER), configuration.find(PASSWORD),
                configuration.get(CONNECTIONS));
    }

    /** A file of SQLite, everything else as by default. */
    public static DatabaseSettings sqlite(String url) {
        return new DatabaseSettings(url, Optional.empty(), Optional.empty(), Integer.parseInt(CONNECTIONS
                .defaultValue()));
    }
}
