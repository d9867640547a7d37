package org.atelier.common.schema;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.CustomDefinition.AttributeInclusion;
import com.github.victools.jsonschema.generator.CustomDefinition.DefinitionType;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.generator.TypeScope;
import com.github.victools.jsonschema.module.jackson.JacksonModule;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import com.github.victools.jsonschema.module.jakarta.validation.JakartaValidationModule;
import com.github.victools.jsonschema.module.jakarta.validation.JakartaValidationOption;
import org.atelier.common.artifact.Digest;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.RunId;
import org.atelier.common.json.Json;

/**
 * Derives the JSON Schemas from the records.
 *
 * <p>Alternatives are written as {@code if}/{@code then} on what tells them apart, not as {@code oneOf}: a validator then
 * names the one field that is wrong instead of every way in which every alternative does not fit.
 */
final class Schemas {
    private static final PropertyNamingStrategies.SnakeCaseStrategy SNAKE_CASE = new PropertyNamingStrategies.SnakeCaseStrategy();

    /** Records that are written as one string, and what the string looks like. */
    private static final Map<Class<?>, String> STRINGS = Map.of(
            JobId.class, "^" + JobId.PATTERN + "$",
            RunId.class, "^" + JobId.PATTERN + "/[0-9]+$",
            AttemptId.class, "^" + JobId.PATTERN + "/[0-9]+/[0-9]+$",
            Digest.class, "^sha256:[0-9a-f]{64}$");

    private Schemas() {}

    /** A schema that refuses fields that it does not know: for what comes from outside. */
    static JsonNode closed(Class<?> type) {
        return generate(type, Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT);
    }

    /** A schema that allows further fields: for what another version may write. */
    static JsonNode open(Class<?> type) {
        return generate(type, Option.DEFINITIONS_FOR_ALL_OBJECTS);
    }

    private static JsonNode generate(Class<?> type, Option option) {
        var builder = new SchemaGeneratorConfigBuilder(Json.mapper(), SchemaVersion.DRAFT_2020_12,
                OptionPreset.PLAIN_JSON)
                .with(new JacksonModule(JacksonOption.SKIP_SUBTYPE_LOOKUP, JacksonOption.IGNORE_TYPE_INFO_TRANSFORM,
                        JacksonOption.FLATTENED_ENUMS_FROM_JSONVALUE, JacksonOption.FLATTENED_ENUMS_FROM_JSONPROPERTY))
                .with(new JakartaValidationModule(JakartaValidationOption.NOT_NULLABLE_FIELD_IS_REQUIRED,
                        JakartaValidationOption.INCLUDE_PATTERN_EXPRESSIONS))
                .with(Option.DEFINITIONS_FOR_ALL_OBJECTS, Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES,
                        Option.STANDARD_FORMATS, option);
        builder.forFields().withPropertyNameOverrideResolver(field -> SNAKE_CASE.translate(field.getDeclaredName()));
        builder.forFields().withDefaultResolver(Schemas::defaultOf);
        builder.forTypesInGeneral().withCustomDefinitionProvider(Schemas::define);
        builder.forTypesInGeneral().withTypeAttributeOverride(Schemas::addDiscriminator);
        return new SchemaGenerator(builder.build()).generateSchema(type);
    }

    private static JsonNode defaultOf(FieldScope field) {
        var property = field.getAnnotationConsideringFieldAndGetter(JsonProperty.class);
        if (property == null || property.defaultValue().isEmpty()) {
            return null;
        }
        try {
            return field.getType().isInstanceOf(Number.class) || field.getType().isInstanceOf(Boolean.class)
                    ? Json.mapper().readTree(property.defaultValue())
                    : Json.tree(property.defaultValue());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the default of " + field + " is no JSON", e);
        }
    }

    private static CustomDefinition define(ResolvedType type, SchemaGenerationContext context) {
        var erased = type.getErasedType();
        if (STRINGS.containsKey(erased)) {
            return new CustomDefinition(object().put("type", "string").put("pattern", STRINGS.get(erased)));
        }
        if (JsonNode.class.isAssignableFrom(erased)) {
            return new CustomDefinition(object(), DefinitionType.INLINE, AttributeInclusion.NO);
        }
        var info = erased.getAnnotation(JsonTypeInfo.class);
        if (erased.isInterface() && info != null) {
            return new CustomDefinition(alternatives(erased, info, context), DefinitionType.ALWAYS_REF,
                    AttributeInclusion.NO);
        }
        return null;
    }

    private static ObjectNode alternatives(Class<?> sealed, JsonTypeInfo info, SchemaGenerationContext context) {
        var schema = object().put("type", "object");
        var subtypes = Arrays.asList(sealed.getAnnotation(JsonSubTypes.class).value());
        var allOf = schema.putArray("allOf");
        if (info.use() == JsonTypeInfo.Id.NAME) {
            var names = schema.putObject("properties").putObject(info.property()).putArray("enum");
            schema.putArray("required").add(info.property());
            subtypes.forEach(subtype -> {
                names.add(subtype.name());
                var rule = allOf.addObject();
                var condition = rule.putObject("if");
                condition.putObject("properties").putObject(info.property()).put("const", subtype.name());
                condition.putArray("required").add(info.property());
                rule.set("then", reference(subtype.value(), context));
            });
        } else {
            var anyOf = schema.putArray("anyOf");
            subtypes.forEach(subtype -> {
                var first = SNAKE_CASE.translate(subtype.value().getRecordComponents()[0].getName());
                anyOf.addObject().putArray("required").add(first);
                var rule = allOf.addObject();
                rule.putObject("if").putArray("required").add(first);
                rule.set("then", reference(subtype.value(), context));
            });
        }
        return schema;
    }

    private static ObjectNode reference(Class<?> subtype, SchemaGenerationContext context) {
        return context.createDefinitionReference(context.getTypeContext().resolve(subtype));
    }

    /** A subtype that is told apart by a name has that name among its properties. */
    private static void addDiscriminator(ObjectNode schema, TypeScope scope, SchemaGenerationContext context) {
        discriminator(scope.getType().getErasedType()).ifPresent(property -> {
            var properties = schema.has("properties")
                    ? (ObjectNode) schema.get("properties")
                    : schema.putObject("properties");
            properties.putObject(property.property()).put("const", property.name());
        });
    }

    private record Discriminator(String property, String name) {}

    private static Optional<Discriminator> discriminator(Class<?> subtype) {
        return Stream.of(subtype.getInterfaces())
                .filter(parent -> parent.isAnnotationPresent(JsonTypeInfo.class))
                .filter(parent -> parent.getAnnotation(JsonTypeInfo.class).use() == JsonTypeInfo.Id.NAME)
                .flatMap(parent -> Arrays.stream(parent.getAnnotation(JsonSubTypes.class).value())
                        .filter(entry -> entry.value() == subtype)
                        .map(entry -> new Discriminator(parent.getAnnotation(JsonTypeInfo.class).property(), entry
                                .name())))
                .findFirst();
    }

    private static ObjectNode object() {
        return Json.mapper().createObjectNode();
    }
}
