package org.atelier.dispatcher.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.bundle.BundleCatalog;
import org.atelier.common.json.Json;
import org.atelier.common.request.RequestValidator;
import org.atelier.common.request.SubmissionReader;
import org.atelier.dispatcher.access.TenantBundles;
import org.atelier.dispatcher.compose.Compositions;
import org.atelier.dispatcher.intake.Intake;
import org.atelier.dispatcher.intake.QueueLimit;

/** The production intake over a test's fleet, with the card of the project's own bundle in the store. */
public final class Intakes {
    private static final Path CARD = Path.of("..", "models", "avatar-128", "bundle.json");

    /** A sound submission. */
    public static final String GENERATE = """
            {"request": {"type": "generate", "bundle": "avatar-128", "sources": [{"seed": 85}]}}""";
    /** Another sound submission. */
    public static final String OPTIMIZE = """
            {"request": {"type": "optimize", "bundle": "avatar-128@3", "source": {"seed": 7}, "prompt": "a smile"},
             "priority": 3, "labels": {"order": "17"}}""";

    private Intakes() {}

    /** An intake. */
    public static Intake over(Fleet fleet) {
        return over(fleet, tenant -> Optional.empty());
    }

    /** An intake that lets only so many jobs wait. */
    public static Intake over(Fleet fleet, QueueLimit limit) {
        try {
            fleet.store.put("bundles/avatar-128/3/bundle.json", Files.readAllBytes(CARD), "application/json");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Intake(new SubmissionReader(), new RequestValidator(), bundles(fleet), Fleet.SETTINGS
                .pools(), fleet.ledger, fleet.events, fleet.time, limit, new Compositions(), fleet.spans());
    }

    /** The bundles of a fleet. */
    public static TenantBundles bundles(Fleet fleet) {
        return new TenantBundles(new BundleCatalog(fleet.store), fleet.store);
    }

    /** JSON. */
    public static JsonNode json(String text) {
        try {
            return Json.strict().readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
