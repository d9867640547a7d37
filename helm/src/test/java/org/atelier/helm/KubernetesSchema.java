package org.atelier.helm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1JobSpec;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1PriorityClass;
import io.kubernetes.client.openapi.models.V1Role;
import io.kubernetes.client.openapi.models.V1RoleBinding;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;

/**
 * Whether the API server would know every field. Kinds of Kubernetes itself are checked by the models that are generated
 * from its OpenAPI document: a field that is unknown, and one that is required and missing, is refused at any depth. Kinds
 * of others are checked by the closed schemas in {@code resources}, each of which says where its fields are from.
 */
final class KubernetesSchema {
    @FunctionalInterface
    private interface Check {
        void accept(JsonElement object) throws IOException;
    }

    private static final Map<String, Check> OWN = Map.ofEntries(
            Map.entry("v1/Service", V1Service::validateJsonElement),
            Map.entry("v1/ConfigMap", V1ConfigMap::validateJsonElement),
            Map.entry("v1/Secret", V1Secret::validateJsonElement),
            Map.entry("v1/ServiceAccount", V1ServiceAccount::validateJsonElement),
            Map.entry("v1/PersistentVolumeClaim", V1PersistentVolumeClaim::validateJsonElement),
            Map.entry("apps/v1/Deployment", V1Deployment::validateJsonElement),
            Map.entry("apps/v1/StatefulSet", V1StatefulSet::validateJsonElement),
            Map.entry("autoscaling/v2/HorizontalPodAutoscaler", V2HorizontalPodAutoscaler::validateJsonElement),
            Map.entry("networking.k8s.io/v1/Ingress", V1Ingress::validateJsonElement),
            Map.entry("networking.k8s.io/v1/NetworkPolicy", V1NetworkPolicy::validateJsonElement),
            Map.entry("policy/v1/PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement),
            Map.entry("rbac.authorization.k8s.io/v1/Role", V1Role::validateJsonElement),
            Map.entry("rbac.authorization.k8s.io/v1/RoleBinding", V1RoleBinding::validateJsonElement),
            Map.entry("scheduling.k8s.io/v1/PriorityClass", V1PriorityClass::validateJsonElement));

    private static final Schema OTHERS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
            .getSchema(KubernetesSchema.class.getResourceAsStream("custom-resources.schema.json"));

    private KubernetesSchema() {}

    /** What is wrong with an object, with nothing meaning that all is well. */
    static List<String> problems(JsonNode object) {
        var problems = new ArrayList<String>();
        var check = OWN.get(object.path("apiVersion").asText() + "/" + Manifests.kind(object));
        if (check == null) {
            OTHERS.validate(object.toString(), InputFormat.JSON).forEach(error -> problems.add(error.toString()));
        } else {
            apply(check, object, problems);
        }
        if (Manifests.kind(object).equals("ScaledJob")) {
            apply(V1JobSpec::validateJsonElement, object.at("/spec/jobTargetRef"), problems);
        }
        return problems;
    }

    private static void apply(Check check, JsonNode object, List<String> problems) {
        try {
            check.accept(JsonParser.parseString(object.toString()));
        } catch (IllegalArgumentException | IOException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
    }
}
