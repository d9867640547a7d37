package org.atelier.common.trace.otel;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.Parser;
import org.atelier.common.config.Secret;
import org.atelier.common.config.Setting;

/**
 * Where traces go. These settings have the names that OpenTelemetry gives them, because whoever runs a collector knows those and
 * platforms set them; of its others, what is said in the environment holds too ({@code OTEL_BSP_*},
 * {@code OTEL_EXPORTER_OTLP_CERTIFICATE}, ...).
 *
 * @param properties of OpenTelemetry's SDK; empty: no traces are made
 */
public record TracingSettings(Map<String, String> properties) {
    /** What OpenTelemetry reads as pairs; of others it would repeat the text, which may be secret. */
    private static final Pattern PAIRS = Pattern.compile("(\\s*[^=,\\s]+\\s*=[^,]*)(,\\s*[^=,\\s]+\\s*=[^,]*)*");

    /** Collector. */
    public static final Setting<URI> ENDPOINT = Setting.optional("OTEL_EXPORTER_OTLP_ENDPOINT", Parser.HTTP_URI,
            "address of a collector that takes OTLP over HTTP, for example http://collector:4318, to which traces are sent;"
                    + " absent: none are made");
    /** Collector of traces alone. */
    public static final Setting<URI> TRACES_ENDPOINT = Setting.optional("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
            Parser.HTTP_URI, "the same in full, for example http://collector:4318/v1/traces; wins over the other");
    /** Headers. */
    public static final Setting<Secret> HEADERS = Setting.optional("OTEL_EXPORTER_OTLP_HEADERS", Parser.SECRET
            .where(secret -> PAIRS.matcher(secret.reveal()).matches(), "name=value, with commas between several"),
            "headers that the collector wants, name=value with commas between");
    /** Protocol. */
    public static final Setting<String> PROTOCOL = Setting.of("OTEL_EXPORTER_OTLP_PROTOCOL", Parser.STRING.where(
            "http/protobuf"::equals, "http/protobuf: traces are sent over HTTP, usually to port 4318, not 4317"),
            "http/protobuf", "how traces are sent; there is one way");
    /** Service. */
    public static final Setting<String> SERVICE = Setting.optional("OTEL_SERVICE_NAME", Parser.STRING,
            "name of this process in traces; absent: atelier-dispatcher or atelier-worker");
    /** Resource. */
    public static final Setting<String> RESOURCE = Setting.optional("OTEL_RESOURCE_ATTRIBUTES", Parser.STRING
            .where(text -> PAIRS.matcher(text).matches(), "name=value, with commas between several"),
            "what else traces say of this process, name=value with commas between");
    /** Sampler. */
    public static final Setting<String> SAMPLER = Setting.of("OTEL_TRACES_SAMPLER", Parser.STRING.where(List.of(
            "always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off",
            "parentbased_traceidratio")::contains,
            "always_on, always_off, traceidratio or one of these with parentbased_ in front"), "parentbased_always_on",
            "which traces are kept; with parentbased_, jobs are where their caller's trace is, and attempts where their"
                    + " submission's is");
    /** Argument of the sampler. */
    public static final Setting<String> SAMPLER_ARG = Setting.optional("OTEL_TRACES_SAMPLER_ARG", Parser.STRING.where(
            TracingSettings::isShare, "a share from 0 to 1"),
            "share of the traces that traceidratio keeps, from 0 to 1");
    /** Off. */
    public static final Setting<Boolean> DISABLED = Setting.of("OTEL_SDK_DISABLED", Parser.BOOLEAN, "false",
            "true: no traces are made, whatever the others say");
    /** All of them. */
    public static final List<Setting<?>> LIST = List.of(ENDPOINT, TRACES_ENDPOINT, HEADERS, PROTOCOL, SERVICE, RESOURCE,
            SAMPLER, SAMPLER_ARG, DISABLED);

    /** No traces. */
    public static final TracingSettings OFF = new TracingSettings(Map.of());

    public TracingSettings {
        properties = Map.copyOf(properties);
    }

    /** Takes these settings out of a process's. */
    public static TracingSettings of(Configuration configuration) {
        var isOff = configuration.get(DISABLED) || configuration.find(ENDPOINT).isEmpty() && configuration.find(
                TRACES_ENDPOINT).isEmpty();
        if (isOff) {
            return OFF;
        }
        var properties = new TreeMap<String, String>();
        LIST.forEach(setting -> text(configuration, setting).ifPresent(text -> properties.put(property(setting),
                text)));
        return new TracingSettings(properties);
    }

    /** Whether traces are made. */
    public boolean isOn() {
        return !properties.isEmpty();
    }

    /** Where they go, for people. */
    String collector() {
        return properties.getOrDefault(property(TRACES_ENDPOINT), properties.getOrDefault(property(ENDPOINT), ""));
    }

    private static Optional<String> text(Configuration configuration, Setting<?> setting) {
        return configuration.find(setting).map(value -> value instanceof Secret secret
                ? secret.reveal()
                : value
                        .toString());
    }

    /** As the SDK spells a variable. */
    static String property(Setting<?> setting) {
        return setting.key().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    private static boolean isShare(String text) {
        try {
            var share = Double.parseDouble(text);
            return share >= 0 && share <= 1;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** Headers may be secret. */
    @Override
    public String toString() {
        return isOn() ? "traces to " + collector() : "no traces";
    }
}
