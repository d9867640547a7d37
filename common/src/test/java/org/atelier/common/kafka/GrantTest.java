package org.atelier.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.junit.jupiter.api.Test;

/** After a change of a right, write the page anew with {@code -Dtest=GrantTest -Datelier.docs=write}. */
class GrantTest {
    private static final Path PAGE = Path.of("../docs/operator.md");
    private static final String FROM = "<!-- What follows is written by GrantTest. -->\n";
    private static final String TO = "<!-- Until here. -->\n";

    @Test
    void theOperatorsPageListsAllOfThem() throws IOException {
        var text = Files.readString(PAGE);
        var page = text.substring(0, text.indexOf(FROM) + FROM.length()) + table() + commands() + text.substring(text
                .indexOf(TO));
        if ("write".equals(System.getProperty("atelier.docs"))) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).content().isEqualTo(page);
    }

    /** Who needs what, by what the page calls them. */
    private static Map<String, List<Grant>> all() {
        var kinds = new LinkedHashMap<String, List<Grant>>();
        var made = Grant.ofDispatcher(true);
        var checked = Grant.ofDispatcher(false);
        kinds.put("dispatchers", made.stream().filter(checked::contains).toList());
        kinds.put("dispatchers, with `ATELIER_TOPICS_CREATE=true` (the default)", made.stream().filter(
                grant -> !checked.contains(grant)).toList());
        kinds.put("dispatchers, with `ATELIER_TOPICS_CREATE=false`", checked.stream().filter(grant -> !made.contains(
                grant)).toList());
        kinds.put("workers of a pool", Grant.ofWorker("POOL"));
        kinds.put("services of a tenant with topics of its own", Grant.ofTenant("TENANT"));
        kinds.put("services that are trusted", Grant.ofTrustedService());
        return kinds;
    }

    private static String table() {
        var table = new StringBuilder("| principal | may | on | |\n|---|---|---|---|\n");
        all().forEach((kind, grants) -> grants.forEach(grant -> table.append("| %s | %s | %s `%s` | %s |%n".formatted(
                kind, grant.operations().stream().map(each -> "`" + Grant.word(each) + "`").collect(Collectors.joining(
                        ", ")), grant.kind() + (grant.resource().patternType() == PatternType.PREFIXED
                                ? "s with the prefix"
                                : ""), grant.resource().name(), grant.purpose()))));
        return table + "\n";
    }

    private static String commands() {
        var users = Map.of("workers of a pool", "atelier-worker", "services of a tenant with topics of its own",
                "TENANT",
                "services that are trusted", "SERVICE");
        return all().entrySet()
                .stream()
                .flatMap(kind -> Stream.concat(Stream.of("# " + kind.getKey().replace("`", "")), kind.getValue()
                        .stream().map(grant -> grant.command("User:" + users.getOrDefault(kind.getKey(),
                                "atelier-dispatcher")))))
                .collect(Collectors.joining("\n", "```\n", "\n```\n"));
    }

    @Test
    void aRightIsAsManyRulesAsItHasOperations() {
        var grant = Grant.ofWorker("edit").getFirst();

        assertThat(grant.bindings("User:w")).singleElement().isEqualTo(new AclBinding(grant.resource(),
                new AccessControlEntry("User:w", "*", AclOperation.READ,
                        AclPermissionType.ALLOW)));
        assertThat(grant.command("User:w")).isEqualTo(
                "kafka-acls.sh --add --allow-principal User:w --operation Read --topic atelier.ready.edit");
        assertThat(Grant.ofDispatcher(false).getLast().command("User:d")).isEqualTo(
                "kafka-acls.sh --add --allow-principal User:d --operation Describe --operation DescribeConfigs"
                        + " --group atelier- --resource-pattern-type prefixed");
    }

    /** What only the dispatcher writes. */
    @Test
    void nobodyElseWritesWhatDecides() {
        assertThat(Stream.of(Grant.ofWorker("edit"), Grant.ofTenant("shop"), Grant.ofTrustedService()).flatMap(
                List::stream).filter(grant -> grant.operations().contains(AclOperation.WRITE)).map(grant -> grant
                        .resource().name())).containsExactlyInAnyOrder(Topics.EVENTS, Topics.RESULTS,
                                "atelier.requests.shop", Topics.REQUESTS);
    }
}
