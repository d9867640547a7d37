package org.atelier.helm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import com.marcnuri.helm.Helm;

/** The chart as an operator uses it: Helm itself renders it. */
final class Chart {
    static final String RELEASE = "rel";
    static final String NAMESPACE = "fleet";
    /** The folder of the project. */
    static final Path HOME = Path.of(System.getProperty("atelier.home"));

    private static final Path FOLDER = HOME.resolve("helm/atelier");

    private Chart() {}

    /**
     * Renders the chart.
     *
     * @param values in YAML
     * @throws RuntimeException with Helm's own message where it refuses
     */
    static Manifests render(String values) {
        return Manifests.parse(withFile(values, file -> new Helm(FOLDER).template()
                .withName(RELEASE).withNamespace(NAMESPACE).withKubeVersion("1.33.0").withValuesFile(file).call()));
    }

    /** Values of the folder of examples. */
    static String example(String name) {
        return read("helm/examples/" + name);
    }

    /** A file of the project. */
    static String read(String path) {
        try {
            return Files.readString(HOME.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What Helm has to say about the chart, with the values that it comes with. */
    static com.marcnuri.helm.LintResult lint() {
        return new Helm(FOLDER).lint().strict().call();
    }

    private static String withFile(String values, java.util.function.Function<Path, String> use) {
        try {
            var file = Files.createTempFile("values", ".yaml");
            try {
                return use.apply(Files.writeString(file, values));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
