package org.atelier.local.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.atelier.common.kafka.Grant;

/** What a broker's authorizer decided, from its log. */
final class AuthorizerLog {
    /** As StandardAuthorizerData of Kafka 4.4 writes it. */
    private static final Pattern DECISION = Pattern.compile(
            "Principal = User:(?<who>\\S+) is (?<decision>Allowed|Denied) operation = (?<operation>\\S+)"
                    + " from host = \\S+ on resource = (?<resource>\\S+) for request = (?<request>\\S+) .*based on rule (?<rule>.*)");
    private static final Pattern RULE = Pattern.compile(
            "resourceType=(?<type>\\w+), resourceName=(?<name>[^,]+), patternType=(?<pattern>\\w+),.* operation=(?<operation>\\w+)");

    private final Path log;

    /** @param log of a broker whose authorizer logs what it allows, too */
    AuthorizerLog(Path log) {
        this.log = log;
    }

    /** Decisions about a principal. */
    private Stream<Matcher> decisions(String who, String decision) {
        try (var lines = Files.lines(log)) {
            return lines.map(DECISION::matcher)
                    .filter(found -> found.find() && found.group("who").equals(who) && found.group("decision").equals(
                            decision))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was refused: operation, resource and request. */
    Set<String> denied(String who) {
        return decisions(who, "Denied").map(found -> found.group("operation") + " " + found.group("resource") + " by "
                + found.group("request")).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The rules by which something was let through that is just what they say, and not only implied by it. */
    Set<String> used(String who) {
        return decisions(who, "Allowed").map(found -> {
            var rule = RULE.matcher(found.group("rule"));
            return rule.find() && rule.group("operation").equals(found.group("operation"))
                    ? rule(ResourceType.fromString(rule.group("type")), PatternType.fromString(rule.group("pattern")),
                            rule.group("name"), AclOperation.fromString(rule.group("operation")))
                    : "";
        }).filter(rule -> !rule.isEmpty()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Rules in the words of {@link #used}. */
    static Set<String> rules(Stream<Grant> grants) {
        return grants.flatMap(grant -> grant.operations().stream().map(operation -> rule(grant.resource()
                .resourceType(), grant.resource().patternType(), grant.resource().name(), operation)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String rule(ResourceType type, PatternType pattern, String name, AclOperation operation) {
        return operation + " on " + pattern + " " + type + " " + name;
    }
}
