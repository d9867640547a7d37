package org.atelier.common.kafka;

import static org.apache.kafka.common.acl.AclOperation.ALTER_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What a principal has to be allowed by Kafka's authorizer. These lists are all that each kind of process needs, and nothing
 * that it does not: a test runs a fleet with exactly them, and looks up in the authorizer's log that each was used. The operators' page is
 * written from them.
 *
 * <p>{@code Describe} is never listed beside {@code Read}, {@code Write}, {@code Delete} or {@code Alter}, which imply it, nor
 * {@code DescribeConfigs} beside {@code AlterConfigs}.
 *
 * @param resource   on what: a topic or a share group, or all with a prefix
 * @param operations what may be done with it
 * @param purpose    what for, as the end of a sentence
 */
public record Grant(ResourcePattern resource, List<AclOperation> operations, String purpose) {
    public Grant {
        operations = List.copyOf(operations);
    }

    /**
     * Of dispatchers.
     *
     * @param create whether they make what is missing of topics and share groups ({@code ATELIER_TOPICS_CREATE})
     */
    public static List<Grant> ofDispatcher(boolean create) {
        var always = Stream.of(
                topics(PatternType.PREFIXED, "atelier.", "to read, feed and tell, and to check how topics are set up",
                        READ, WRITE, DESCRIBE_CONFIGS),
                topics(PatternType.PREFIXED, Topics.ready(""), "to take away ready records that are done", DELETE),
                topics(PatternType.PREFIXED, Topics.deadLetters(""), "to check how topics of dead letters are set up",
                        DESCRIBE, DESCRIBE_CONFIGS));
        var creating = Stream.of(
                topics(PatternType.PREFIXED, "atelier.", "to make topics that are missing", CREATE),
                topics(PatternType.PREFIXED, Topics.deadLetters(""), "to make topics of dead letters that are missing",
                        CREATE),
                groups(PatternType.PREFIXED, Topics.shareGroup(""),
                        "to make share groups that are missing, and to see how far pools are", READ, ALTER_CONFIGS));
        var checking = Stream.of(groups(PatternType.PREFIXED, Topics.shareGroup(""),
                "to check how share groups are set up, and to see how far pools are", DESCRIBE, DESCRIBE_CONFIGS));
        return Stream.concat(always, create ? creating : checking).toList();
    }

    /** Of the workers of a pool. */
    public static List<Grant> ofWorker(String pool) {
        return List.of(
                topics(PatternType.LITERAL, Topics.ready(pool), "to take work", READ),
                groups(PatternType.LITERAL, Topics.shareGroup(pool), "to share the work with the pool's other slots",
                        READ),
                topics(PatternType.LITERAL, Topics.CONTROL, "to hear of cancels at once", READ),
                topics(PatternType.LITERAL, Topics.EVENTS, "to tell how far it is", WRITE),
                topics(PatternType.LITERAL, Topics.RESULTS, "to tell how runs end", WRITE));
    }

    /** Of the services of a tenant that has topics of its own. */
    public static List<Grant> ofTenant(String tenant) {
        return List.of(
                topics(PatternType.LITERAL, Topics.requests(tenant), "to send requests", WRITE),
                topics(PatternType.LITERAL, Topics.results(tenant), "to hear how its runs end", READ));
    }

    /** Of services that are trusted to submit as the default tenant, and to read everybody's results. */
    public static List<Grant> ofTrustedService() {
        return List.of(
                topics(PatternType.LITERAL, Topics.REQUESTS, "to send requests", WRITE),
                topics(PatternType.LITERAL, Topics.RESULTS, "to hear how runs end, everybody's", READ));
    }

    private static Grant topics(PatternType pattern, String name, String purpose, AclOperation... operations) {
        return new Grant(new ResourcePattern(ResourceType.TOPIC, name, pattern), List.of(operations), purpose);
    }

    private static Grant groups(PatternType pattern, String name, String purpose, AclOperation... operations) {
        return new Grant(new ResourcePattern(ResourceType.GROUP, name, pattern), List.of(operations), purpose);
    }

    /** Whether it is about this topic or group. */
    boolean covers(ResourceType type, String name) {
        return resource.resourceType() == type && (resource.patternType() == PatternType.PREFIXED
                ? name.startsWith(resource.name())
                : name.equals(resource.name()));
    }

    /** The rules that say so to an authorizer. */
    public List<AclBinding> bindings(String principal) {
        return operations.stream()
                .map(operation -> new AclBinding(resource, new AccessControlEntry(principal, "*", operation,
                        AclPermissionType.ALLOW)))
                .toList();
    }

    /** The command of Kafka's own that makes those rules. */
    public String command(String principal) {
        return "kafka-acls.sh --add --allow-principal " + principal + operations.stream()
                .map(operation -> " --operation " + word(operation))
                .collect(Collectors.joining()) + " --" + kind() + " " + resource.name()
                + (resource.patternType() == PatternType.PREFIXED ? " --resource-pattern-type prefixed" : "");
    }

    /** Those commands, each on a line of its own below the sentence that they follow. */
    public static String commands(Collection<Grant> grants) {
        return grants.stream().map(grant -> System.lineSeparator() + "  " + grant.command("User:PRINCIPAL")).collect(
                Collectors.joining());
    }

    /** Topic or group. */
    public String kind() {
        return resource.resourceType().name().toLowerCase(Locale.ROOT);
    }

    /** An operation as Kafka's commands and pages spell it. */
    public static String word(AclOperation operation) {
        return Stream.of(operation.name().split("_"))
                .map(part -> part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }
}
