package org.atelier.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong values are refused before anything is installed, and the message says what is wrong. */
class RefusalTest {
    /** The guide names every group of values, and the chart has a default for each. */
    @Test
    void theGuideNamesEveryValue() {
        var groups = Manifests.document(Chart.read("helm/atelier/values.schema.json")).path("properties");

        assertThat(groups.propertyStream().map(Map.Entry::getKey)).allSatisfy(group -> assertThat(Chart.read(
                "docs/cluster.md")).contains("| `" + group + "` |"));
        assertThat(Manifests.document(Chart.read("helm/atelier/values.yaml")).propertyStream().map(Map.Entry::getKey))
                .allMatch(groups::has);
    }

    /** What stands beside the arrow must be in Helm's message. */
    @ParameterizedTest
    @CsvSource(delimiterString = "->", quoteCharacter = '`', value = {
            "dispatcher: {replicas: two} -> /dispatcher/replicas",
            "dispatcher: {replica: 2} -> replica",
            "dispatcher: {replicas: 0} -> minimum",
            "dispatcher: {service: {port: 70000}} -> /dispatcher/service/port",
            "dispatcher: {ingress: {enabled: true}} -> host",
            "dispatcher: {settings: {ATELIER_STORE_SECRET_KEY: hunter2}} -> invalid propertyName 'ATELIER_STORE_SECRET_KEY'",
            "dispatcher: {settings: {ATELIER_HTTP_PORT: 9}} -> invalid propertyName 'ATELIER_HTTP_PORT'",
            "dispatcher: {settings: {JAVA_HOME: /}} -> invalid propertyName 'JAVA_HOME'",
            "logFormat: xml -> /logFormat",
            "tracing: {endpoint: `collector:4318`} -> /tracing/endpoint",
            "tracing: {sampler: some} -> /tracing/sampler",
            "tracing: {samplerArg: 2} -> /tracing/samplerArg",
            "poolDefaults: {gpu: {count: 2}} -> /poolDefaults/gpu/count",
            "poolDefaults: {resources: {limits: {memory: 4 GB}}} -> /poolDefaults/resources",
            "poolDefaults: {scaling: {mode: keda}} -> /poolDefaults/scaling/mode",
            "poolDefaults: {scaling: {fallbackReplicas: 0}} -> /poolDefaults/scaling/fallbackReplicas",
            "poolDefaults: {gracePeriodSeconds: 5} -> /poolDefaults/gracePeriodSeconds",
            "pools: {Edit: {types: [generate]}} -> Edit",
            "pools: {train: {slots: 1}} -> types",
            "database: {kind: mysql} -> /database/kind",
            "database: {url: `jdbc:postgresql://ann:hunter2@db/x`} -> /database/url"})
    void bySchema(String values, String named) {
        assertThatThrownBy(() -> Chart.render(Combinations.existing() + values.replace('`', '"')))
                .hasMessageContaining("values don't meet the specifications of the schema").hasMessageContaining(named);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "->", value = {
            "dispatcher: {replicas: 2} -> Set database.kind to postgresql, or dispatcher.replicas to 1",
            "dispatcher: {autoscaling: {enabled: true}} -> Set database.kind to postgresql, or switch the autoscaling off",
            "database: {kind: postgresql} -> set database.url",
            "database: {kind: postgresql, url: 'jdbc:postgresql://db/x'} -> database.secret is missing",
            "dev: {postgresql: {enabled: true}, store: {enabled: true}} -> nothing uses it",
            "access: {adminTokenSecret: ''} -> access.adminTokenSecret is missing",
            "dispatcher: {tls: {caSecret: ca}} -> dispatcher.tls.secret names none",
            "monitoring: {podMonitor: true} -> monitoring.tokenSecret is missing",
            "poolDefaults: {scaling: {mode: scaledObject}} -> keda.tokenSecret is missing and KEDA scales the pool edit",
            "dev: {kafka: {enabled: true}} -> Take one of the two away",
            "pools: {edit: {types: [generate], slots: 64, scaling: {replicas: 4}}} -> may have 256 slots",
            "pools: {edit: {types: [generate], scaling: {mode: scaledJob, maxReplicas: 201}}} -> has 200 members at most",
            "pools: {edit: {types: [generate], scaling: {minReplicas: 9}}} -> scaling.minReplicas is more than",
            "pools: {edit: {types: [generate]}, more: {types: [generate]}} -> A type has one pool",
            "pools: {edit: {types: [generate], modelCache: {kind: claim}}} -> modelCache.claimName is missing"})
    void betweenValues(String values, String advice) {
        assertThatThrownBy(() -> Chart.render(with(values))).hasMessageContaining(advice);
    }

    /** What every installation needs, and in place of it what the values say. */
    private static String with(String values) {
        var group = values.substring(0, values.indexOf(':') + 1);
        return Combinations.existing().lines().filter(line -> !line.startsWith(group)).collect(Collectors.joining("\n",
                "", "\n")) + values;
    }

    @Test
    void whatIsMissing() {
        assertThatThrownBy(() -> Chart.render("{}")).hasMessageContaining("kafka.bootstrap is missing");
        assertThatThrownBy(() -> Chart.render("kafka: {bootstrap: 'k:9092'}")).hasMessageContaining(
                "store.endpoint is missing");
        assertThatThrownBy(() -> Chart.render("kafka: {bootstrap: 'k:9092', topics: {minInsync: 4}}"))
                .hasMessageContaining("Lower the first or raise the second");
    }
}
