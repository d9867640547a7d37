# syntax=docker/dockerfile:1.7-labs
# For those who prefer Docker to `mvn -Pimages package`. Build first: mvn -DskipTests package; then, in the project's folder:
#   docker build -f deploy/images/worker.Dockerfile -t atelier/worker:0.1.0-SNAPSHOT .
FROM eclipse-temurin:21-jre
# Half a gigabyte that changes with the engine and not with us: a layer of its own, below the rest.
COPY worker/target/lib/pytorch-native-*.jar /opt/atelier/engine/
COPY --exclude=pytorch-native-*.jar worker/target/lib/ /opt/atelier/lib/
COPY worker/target/atelier-worker.jar /opt/atelier/
USER 10001:10001
ENV HOME=/tmp
EXPOSE 8090
HEALTHCHECK --interval=10s --timeout=10s --start-period=120s --retries=6 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8090 && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["java", "--enable-native-access=ALL-UNNAMED", "-Dai.djl.offline=true", "-XX:+ExitOnOutOfMemoryError", "-cp", "/opt/atelier/atelier-worker.jar:/opt/atelier/lib/*:/opt/atelier/engine/*", "org.atelier.worker.job.WorkerMain"]
