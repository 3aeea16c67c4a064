"""What has changed: asked for by delta query, and told as events."""
